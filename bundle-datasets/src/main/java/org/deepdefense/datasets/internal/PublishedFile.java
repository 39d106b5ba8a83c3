// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.deepdefense.DeepDefenseException;

/**
 * A file as the home of its data set publishes it.
 *
 * @param name its name
 * @param size its size in bytes
 * @param md5 its MD5 sum, 32 hexadecimal digits in lower case
 */
record PublishedFile(String name, long size, String md5) {

    /** Tells whether a folder has a file of this name and size. */
    boolean isIn(Path folder) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    /**
     * Reads the file and makes sure that it is the published one.
     *
     * @param file where it is
     * @param remedy what to do if it is another one
     * @return its content
     * @throws DeepDefenseException if its size or its MD5 sum is wrong
     */
    byte[] read(Path file, String remedy) throws IOException {
        long found = InputFiles.size(file);
        if (found != size) {
            throw new DeepDefenseException(
                    file + " has " + found + " bytes, expected " + size + " (MD5 " + md5 + ")",
                    remedy);
        }
        byte[] content = InputFiles.read(file, Math.toIntExact(size));
        String sum = HexFormat.of().formatHex(Digests.md5().digest(content));
        if (!sum.equals(md5)) {
            throw new DeepDefenseException(
                    file + " has the MD5 sum " + sum + ", expected " + md5, remedy);
        }
        return content;
    }

    /** Tells whether a file is the published one, whatever its name. */
    boolean isContentOf(Path file) throws IOException {
        return InputFiles.size(file) == size && md5Of(file).equals(md5);
    }

    /** Computes the MD5 sum of any file. */
    static String md5Of(Path file) throws IOException {
        MessageDigest digest = Digests.md5();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Gives a file its name when it is complete: whoever sees it sees all of it, even after a loss
     * of power.
     */
    static void complete(Path part, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Names the file with all that is known of it. */
    @Override
    public String toString() {
        return name + " (" + size + " bytes, MD5 " + md5 + ")";
    }
}
