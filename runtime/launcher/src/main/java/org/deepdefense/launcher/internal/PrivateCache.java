package org.deepdefense.launcher.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The framework's cache: a temporary directory that belongs to one process.
 *
 * <p>Two processes must not share one, and a start from nothing is fast, so it goes when the
 * process goes. What a killed process leaves behind is known by its lock being free, and the next
 * process removes it.
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
        removeAbandoned(parent, Instant.now().minus(GRACE));
        Path directory = Files.createTempDirectory(parent, PREFIX);
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        channel.lock();
        return new PrivateCache(directory, channel);
    }

    Path directory() {
        return directory;
    }

    /** Removes the directory; the second of two calls finds nothing left to do. */
    @Override
    public synchronized void close() throws IOException {
        channel.close();
        if (Files.exists(directory)) {
            delete(directory);
        }
    }

    static void removeAbandoned(Path parent, Instant before) throws IOException {
        List<Path> candidates;
        try (Stream<Path> files = Files.list(parent)) {
            candidates = files.filter(p -> p.getFileName().toString().startsWith(PREFIX)).toList();
        }
        for (Path candidate : candidates) {
            try {
                Path lock = candidate.resolve(LOCK);
                if (Files.getLastModifiedTime(lock).toInstant().isBefore(before) && isFree(lock)) {
                    delete(candidate);
                }
            } catch (IOException ignored) {
                // Somebody else's, or another process is removing it: not ours to care for.
            }
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
                    public FileVisitResult postVisitDirectory(Path dir, IOException e)
                            throws IOException {
                        Files.deleteIfExists(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
