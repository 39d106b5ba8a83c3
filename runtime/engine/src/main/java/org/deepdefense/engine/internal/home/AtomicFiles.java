package org.deepdefense.engine.internal.home;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;

/** Writes files so that a reader, or the next start after a crash, finds all of one or none. */
public final class AtomicFiles {

    private AtomicFiles() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param stream where to; it is closed by the caller
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream stream) throws IOException;
    }

    /** Changes the file system. */
    @FunctionalInterface
    public interface Change {
        /**
         * Makes the change.
         *
         * @throws IOException if it fails
         */
        void make() throws IOException;
    }

    /**
     * Replaces a file, or creates it with its directory.
     *
     * @param file the file
     * @param content what to write
     * @throws DeepDefenseException if it can't be written; an older file is unchanged then
     */
    public static void write(Path file, Content content) {
        changing(
                file,
                () -> {
                    Files.createDirectories(file.getParent());
                    Path next = Files.createTempFile(file.getParent(), ".next", null);
                    try {
                        writeDurably(next, content);
                        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                    } finally {
                        Files.deleteIfExists(next);
                    }
                });
    }

    /**
     * Writes a file and waits until it is on the disk.
     *
     * @param file the file
     * @param content what to write
     * @throws IOException if writing fails
     */
    public static void writeDurably(Path file, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel));
            content.writeTo(stream);
            stream.flush();
            channel.force(true);
        }
    }

    /**
     * Deletes a directory with all that is in it.
     *
     * @param directory the directory, which may be missing
     * @throws IOException if something can't be deleted
     */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(directory)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    /**
     * Makes a change and explains its failure.
     *
     * @param target what is changed
     * @param change the change
     * @throws DeepDefenseException if it fails
     */
    public static void changing(Path target, Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new DeepDefenseException(
                    "%s can't be written (%s: %s)"
                            .formatted(target, e.getClass().getSimpleName(), e.getMessage()),
                    "make the directory writable, free space on its disk,"
                            + " or choose another home with --home or DEEPDEFENSE_HOME",
                    e);
        }
    }
}
