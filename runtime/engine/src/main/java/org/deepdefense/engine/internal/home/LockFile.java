// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.deepdefense.DeepDefenseException;

/**
 * A file that one process at a time has locked. The lock goes with the process, however that ends,
 * so that a file which was left behind is in nobody's way.
 */
public final class LockFile implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 20;

    /** A byte that is never written, so that the content can be read where locks are mandatory. */
    private static final long POSITION = Long.MAX_VALUE - 1;

    /**
     * What this process has locked. The operating system takes all locks of a process on a file
     * away as soon as it closes the file once, so that a locked file must not be opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a file, which is created with its directory if it is missing.
     *
     * @param file the file
     * @return the lock, or nothing if somebody has it
     * @throws IOException if the file can't be written or not be locked
     */
    public static Optional<LockFile> tryLock(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return tryLock(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Locks a file that exists.
     *
     * @param file the file
     * @return the lock, or nothing if somebody has it or the file is gone
     * @throws IOException if the file can't be written or not be locked
     */
    static Optional<LockFile> tryLockExisting(Path file) throws IOException {
        try {
            return tryLock(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<LockFile> tryLock(Path file, OpenOption... options) throws IOException {
        Path held = real(file);
        if (!HELD.add(held)) {
            return Optional.empty();
        }
        boolean locked = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(held, options);
            FileLock lock = channel.tryLock(POSITION, 1, false);
            locked = lock != null;
            return locked ? Optional.of(new LockFile(held, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            // Another engine in this virtual machine, with classes of its own.
            return Optional.empty();
        } finally {
            if (!locked) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(held);
            }
        }
    }

    private static Path real(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    /**
     * Locks a file that others hold for moments only.
     *
     * @param file the file
     * @return the lock
     * @throws IOException if the file can't be written or not be locked
     * @throws DeepDefenseException if somebody has it for a minute
     */
    public static LockFile lock(Path file) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<LockFile> lock = tryLock(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() > end) {
                throw new DeepDefenseException(
                        "Another process has kept "
                                + file
                                + " locked for "
                                + PATIENCE.toSeconds()
                                + " s",
                        "wait until it is done, or stop it if it hangs");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeepDefenseException(
                    "The wait for another process was interrupted", "repeat the command", e);
        }
    }

    /** Writes the identifier of this process into the file. */
    void sign() throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
    }

    /**
     * Names the process that has signed a file.
     *
     * @param file a file that somebody has locked
     * @return the process, such as {@code Process 4711}
     */
    static String holder(Path file) {
        try {
            if (HELD.contains(real(file))) {
                return "Process " + ProcessHandle.current().pid();
            }
            String pid = Files.readString(file).strip();
            return pid.isEmpty() ? "Another process" : "Process " + pid;
        } catch (IOException e) {
            // It was written a moment ago, or has just gone.
            return "Another process";
        }
    }

    Path file() {
        return file;
    }

    FileChannel channel() {
        return channel;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Gives the lock up. The file stays. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
