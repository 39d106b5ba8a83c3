// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.deepdefense.DeepDefenseException;

/**
 * Reads files that may be anything: pipes and devices, from which reading would never end, are
 * refused before they are opened, and so are files too large to be what is looked for.
 */
public final class InputFiles {

    private InputFiles() {}

    /**
     * Makes sure that a file may be read.
     *
     * @param file what should be a file
     * @return the file
     * @throws DeepDefenseException if it is none, or may not be read
     */
    public static Path requireReadable(Path file) {
        try {
            size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (!Files.isReadable(file)) {
            throw unreadable(file, new AccessDeniedException(file.toString()));
        }
        return file;
    }

    private static DeepDefenseException unreadable(Path file, IOException reason) {
        return new DeepDefenseException(
                file + " is not a file that can be read (" + reason(reason) + ")",
                "check what it is and who may read it",
                reason);
    }

    /**
     * Returns the size of a file.
     *
     * @param file what should be a file
     * @return its size in bytes
     * @throws FileSystemException if it does not exist or is no regular file
     */
    public static long size(Path file) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw Files.isSymbolicLink(file) ? other(file, "a link that leads nowhere") : e;
        }
        if (!attributes.isRegularFile()) {
            throw other(
                    file,
                    attributes.isDirectory() ? "a directory" : "a pipe, a socket or a device");
        }
        return attributes.size();
    }

    private static FileSystemException other(Path file, String found) {
        return new FileSystemException(file.toString(), null, found);
    }

    /** Tells whether there is anything of this name, if only a link that leads nowhere. */
    public static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads a file.
     *
     * @param file what should be a file
     * @param limit how large it may be, in bytes
     * @return its content
     * @throws IOException if it is no regular file, is larger or can't be read
     */
    public static byte[] read(Path file, int limit) throws IOException {
        long size = size(file);
        if (size > limit) {
            throw new IOException(size + " bytes, expected at most " + limit);
        }
        // Not Files.readAllBytes: it leaves a buffer of the file's size with the thread.
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limit);
        }
    }

    /** Says why a file can't be read or written: some exceptions have nothing but its path. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "no directory";
        }
        return e instanceof FileSystemException other && other.getReason() != null
                ? other.getReason()
                : String.valueOf(e.getMessage());
    }
}
