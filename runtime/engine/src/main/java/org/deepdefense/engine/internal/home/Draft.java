// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file on the way to its place. Its process has locked it as long as it is written, which tells
 * it from the drafts of processes that were killed.
 */
final class Draft implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Draft.class);
    private static final String PREFIX = ".next";

    private final LockFile lock;

    private Draft(LockFile lock) {
        this.lock = lock;
    }

    /** Begins a file in a directory, which is created if it is missing. */
    static Draft in(Path directory) throws IOException {
        while (true) {
            Path file = directory.resolve(PREFIX + UUID.randomUUID());
            Optional<LockFile> lock = LockFile.tryLock(file);
            // Whoever removes what was left behind may have been faster.
            if (lock.isPresent() && Files.exists(file)) {
                return new Draft(lock.get());
            }
            if (lock.isPresent()) {
                lock.get().close();
            }
        }
    }

    /** Writes the content and waits until it is on the disk. */
    void write(AtomicFiles.Content content) throws IOException {
        // Not closed: that would end the lock.
        OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(lock.channel()));
        content.writeTo(stream);
        stream.flush();
        lock.channel().force(true);
    }

    void moveTo(Path target) throws IOException {
        Files.move(lock.file(), target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the draft, unless it has been moved to its place. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(lock.file());
        } finally {
            lock.close();
        }
    }

    /** Removes the drafts in a directory that no process is writing. */
    static void sweep(Path directory) {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : drafts) {
                Optional<LockFile> abandoned =
                        Files.isRegularFile(file)
                                ? LockFile.tryLockExisting(file)
                                : Optional.empty();
                if (abandoned.isPresent()) {
                    new Draft(abandoned.get()).close();
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing was ever written here.
        } catch (IOException | DirectoryIteratorException e) {
            logger.warn("Unfinished files in {} stay: {}", directory, e.toString());
        }
    }
}
