// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes files so that a reader, or the next start after a crash, finds all of one or none. */
public final class AtomicFiles {

    private static final Logger logger = LoggerFactory.getLogger(AtomicFiles.class);
    private static final int PROBE_BYTES = 4096;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

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
     * Replaces a file, or creates it with its directory. A symbolic link stays, and what it leads
     * to is replaced.
     *
     * @param file the file
     * @param content what to write
     * @throws DeepDefenseException if it can't be written; an older file is unchanged then
     */
    public static void write(Path file, Content content) {
        write(file, linked(file).getParent(), content);
    }

    /**
     * Replaces a file, as {@link #write(Path, Content)} does.
     *
     * @param file the file
     * @param drafts where to write it first: a directory on the same disk, for {@link #sweep}
     * @param content what to write
     * @throws DeepDefenseException if it can't be written; an older file is unchanged then
     */
    public static void write(Path file, Path drafts, Content content) {
        changing(
                file,
                () -> {
                    Path target = linked(file);
                    Files.createDirectories(target.getParent());
                    try (Draft draft = Draft.in(drafts)) {
                        draft.write(content);
                        draft.moveTo(target);
                    }
                });
    }

    /**
     * Writes a file and keeps the one before. At every moment there is one of the two, if there
     * was.
     *
     * @param file the file
     * @param previous where the one before is kept, beside it
     * @param content what to write
     * @throws DeepDefenseException if it can't be written; both are unchanged then
     */
    public static void writeKeeping(Path file, Path previous, Content content) {
        changing(
                file,
                () -> {
                    try (Draft draft = Draft.in(file.getParent())) {
                        draft.write(content);
                        if (Files.exists(file)) {
                            Files.move(file, previous, StandardCopyOption.ATOMIC_MOVE);
                        }
                        draft.moveTo(file);
                    }
                });
    }

    /**
     * Removes what processes that were killed have left of files that they were writing. Nothing
     * happens to what a live process is writing. A directory that is missing or can't be changed
     * stays as it is.
     *
     * @param drafts where such files are written first
     */
    public static void sweep(Path drafts) {
        Draft.sweep(drafts);
    }

    /**
     * Checks that files can be written in a directory, by writing one.
     *
     * @param directory the directory, which is created if it is missing
     * @throws DeepDefenseException if not
     */
    public static void requireWritable(Path directory) {
        changing(
                directory,
                () -> {
                    Files.createDirectories(directory);
                    try (Draft draft = Draft.in(directory)) {
                        draft.write(stream -> stream.write(new byte[PROBE_BYTES]));
                    }
                });
    }

    /**
     * Returns where symbolic links lead from a path.
     *
     * @param path a path that may be a link, or a link to a link
     * @return a path that is no link, and may not exist
     */
    public static Path linked(Path path) {
        Path end = path.toAbsolutePath();
        try {
            for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(end); i++) {
                end = end.resolveSibling(Files.readSymbolicLink(end));
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        return end;
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
     * Deletes a directory with all that is in it. Links are deleted, and not what they lead to.
     *
     * @param directory the directory, which may be missing
     * @throws IOException if something can't be deleted
     */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
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
            throw unwritable(target, e);
        }
    }

    /**
     * Makes a change that no other process disturbs, and explains its failure.
     *
     * @param home whose lock is held meanwhile; the change must not ask for it again
     * @param target what is changed
     * @param change the change
     * @throws DeepDefenseException if it fails, or another process keeps the lock
     */
    public static void changing(Home home, Path target, Change change) {
        changing(
                target,
                () -> {
                    LockFile lock = LockFile.lock(home.lock());
                    try {
                        change.make();
                    } finally {
                        lock.close();
                    }
                });
    }

    /**
     * Puts a directory right after a crash, unless another process is changing something in the
     * home: then the next start will. A failure is logged.
     *
     * @param home whose lock is held meanwhile
     * @param target what is put right
     * @param change what is to do
     */
    public static void tidying(Home home, Path target, Change change) {
        if (!Files.isDirectory(target)) {
            return;
        }
        try {
            Optional<LockFile> lock = LockFile.tryLock(home.lock());
            if (lock.isPresent()) {
                try {
                    change.make();
                } finally {
                    lock.get().close();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            logger.warn("What a killed process has left in {} stays: {}", target, e.toString());
        }
    }

    private static DeepDefenseException unwritable(Path target, IOException error) {
        return new DeepDefenseException(
                target + " can't be written (" + reason(target, error) + ")",
                "make the directory writable, free space on its disk,"
                        + " or choose another home with --home or DEEPDEFENSE_HOME",
                error);
    }

    /** The message of most of these is the name of a file alone, and not always of the target. */
    private static String reason(Path target, IOException error) {
        if (!(error instanceof FileSystemException problem)) {
            return error.getMessage() == null ? error.toString() : error.getMessage();
        }
        String what =
                problem.getFile() == null || problem.getFile().equals(target.toString())
                        ? "it"
                        : problem.getFile();
        if (error instanceof AccessDeniedException) {
            return "access to " + what + " is denied";
        }
        if (error instanceof FileAlreadyExistsException || error instanceof NotDirectoryException) {
            return what + " is no directory";
        }
        if (error instanceof NoSuchFileException) {
            return what + " is missing";
        }
        return problem.getReason() == null ? error.toString() : problem.getReason();
    }
}
