// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.deepdefense.DeepDefenseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names that one process at a time works under, and one job of it. A claim is a locked file, which
 * bears the identifier of the process. These files come and go while the home is locked, so that
 * nobody locks one that is already deleted.
 */
public final class Claims {

    private static final Logger logger = LoggerFactory.getLogger(Claims.class);
    private static final String EXTENSION = ".lock";

    private final Path directory;
    private final Home home;

    /**
     * Keeps claims in a directory.
     *
     * @param directory the directory
     * @param home the home that it is in
     */
    public Claims(Path directory, Home home) {
        this.directory = directory;
        this.home = home;
    }

    /** A name that nobody else works under until this is closed or the process ends. */
    public final class Claim implements AutoCloseable {

        private final LockFile lock;

        private Claim(LockFile lock) {
            this.lock = lock;
        }

        /** Gives the name free; a second time nothing happens. */
        @Override
        public void close() {
            try {
                AtomicFiles.changing(home, lock.file(), () -> remove(lock));
            } catch (DeepDefenseException e) {
                logger.warn("{}", e.getMessage());
            }
        }
    }

    private static void remove(LockFile lock) throws IOException {
        try (lock) {
            if (lock.isOpen()) {
                Files.deleteIfExists(lock.file());
            }
        }
    }

    /**
     * Claims a name.
     *
     * @param name the name
     * @return the claim
     * @throws DeepDefenseException if somebody has it already, or the home can't be written
     */
    public Claim claim(String name) {
        Path file = file(name);
        AtomicReference<Claim> claim = new AtomicReference<>();
        AtomicFiles.changing(
                home,
                file,
                () -> {
                    LockFile lock = LockFile.tryLock(file).orElseThrow(() -> taken(name));
                    claim.set(new Claim(lock));
                    lock.sign();
                });
        return claim.get();
    }

    private DeepDefenseException taken(String name) {
        return new DeepDefenseException(
                "%s is training a network to be saved as %s"
                        .formatted(LockFile.holder(file(name)), name),
                "wait for it, stop it, or choose another name");
    }

    /**
     * Tells whether nobody has claimed a name. The home is locked by the caller, so that this stays
     * so.
     *
     * @param name the name
     * @return whether it is free
     * @throws IOException if that can't be known
     */
    public boolean isFree(String name) throws IOException {
        Path file = file(name);
        Optional<LockFile> lock = LockFile.tryLockExisting(file);
        if (lock.isPresent()) {
            remove(lock.get());
        }
        return !Files.exists(file);
    }

    /**
     * Removes the claims of processes that have ended. The home is locked by the caller.
     *
     * @throws IOException if they can't be removed
     */
    public void tidy() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*" + EXTENSION)) {
            for (Path file : files) {
                Optional<LockFile> lock = LockFile.tryLockExisting(file);
                if (lock.isPresent()) {
                    remove(lock.get());
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was ever claimed here.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private Path file(String name) {
        return directory.resolve("." + Names.check(name) + EXTENSION);
    }
}
