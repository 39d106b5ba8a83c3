// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Progress;

/**
 * The right to change files of the download cache, given to one thread of one process at a time.
 */
final class CacheLock {

    private static final long POLL_MILLIS = 200;

    /**
     * For the threads of this process: a file is locked for a process as a whole, and where another
     * channel to it is closed the lock is gone.
     */
    private final Lock threads = new ReentrantLock();

    /** What is done while the lock is held. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Waits for the lock, works, and gives it back.
     *
     * @param folder a folder of the cache, created if needed
     * @param name what is locked in it; the file {@code name.lock} stays behind, because deleting
     *     it while another process waits for it would let two in
     * @param progress where waiting is reported, and may be cancelled
     * @param work what to do
     * @throws DeepDefenseException if the folder cannot be written
     */
    void hold(Path folder, String name, Progress progress, Work work) throws IOException {
        try {
            while (!threads.tryLock(POLL_MILLIS, MILLISECONDS)) {
                await(progress, name);
            }
            try {
                holdFile(Files.createDirectories(folder).resolve(name + ".lock"), progress, work);
            } finally {
                threads.unlock();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (FileSystemException e) {
            throw new DeepDefenseException(
                    "The download cache " + folder + " cannot be written (" + e + ")",
                    "give a writable one with --home DIR, or the data with --data DIR",
                    e);
        }
    }

    private static void holdFile(Path file, Progress progress, Work work)
            throws IOException, InterruptedException {
        InputFiles.requireFileOrNothing(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (!locks(channel)) {
                await(progress, file.toString());
                Thread.sleep(POLL_MILLIS);
            }
            work.run();
        }
    }

    /** Turns an interrupt into what it means to long work. */
    static CancellationException interrupted() {
        Thread.currentThread().interrupt();
        return new CancellationException("The download was interrupted");
    }

    private static void await(Progress progress, String detail) {
        progress.checkCancelled();
        progress.update("waiting for another download", 0, 0, detail);
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
