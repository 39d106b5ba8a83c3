// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;

/**
 * The framework's cache: a temporary directory that belongs to one process.
 *
 * <p>Two processes must not share one, and a start from nothing is fast, so it goes when the
 * process goes. What a killed process leaves behind is known by its lock being free, and the next
 * process of the same user removes it. The parent may be everybody's: the name cannot be guessed,
 * only the user can look inside, and what others put there is not touched.
 */
final class PrivateCache implements AutoCloseable {

    private static final String PREFIX = "deepdefense-osgi-";
    private static final String LOCK = "process.lock";

    /** Younger directories may be about to be locked by their process. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Path directory;
    private final FileChannel channel;

    private PrivateCache(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static PrivateCache create(Path parent) throws IOException {
        Path directory = Files.createTempDirectory(parent, PREFIX);
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        channel.lock();
        removeAbandoned(parent, Files.getOwner(directory), Instant.now().minus(GRACE));
        return new PrivateCache(directory, channel);
    }

    Path directory() {
        return directory;
    }

    /** Removes the directory; what cannot be removed is left to the next process. */
    @Override
    public synchronized void close() {
        try {
            channel.close();
            delete(directory);
        } catch (IOException e) {
            // It may be gone already, or be written to by a bundle that did not stop in time.
            return;
        }
    }

    static void removeAbandoned(Path parent, UserPrincipal owner, Instant before) {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path candidate : candidates) {
                removeIfAbandoned(candidate, owner, before);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Only what can be seen can be removed.
            return;
        }
    }

    private static void removeIfAbandoned(Path candidate, UserPrincipal owner, Instant before) {
        try {
            Path lock = candidate.resolve(LOCK);
            if (Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS).equals(owner)
                    && Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
                    && Files.getLastModifiedTime(lock).toInstant().isBefore(before)
                    && isFree(lock)) {
                delete(candidate);
            }
        } catch (IOException e) {
            // Another process is removing it.
            return;
        }
    }

    private static boolean isFree(Path lock) throws IOException {
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = other.tryLock()) {
            return held != null;
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        // Gone in between; if not, its directory cannot be removed either.
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path dir, IOException e)
                            throws IOException {
                        Files.deleteIfExists(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
