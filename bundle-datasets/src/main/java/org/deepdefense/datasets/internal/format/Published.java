// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.format;

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
import org.deepdefense.download.PublishedFile;

/** Reads published files, and makes sure that they are what was published. */
public final class Published {

    private Published() {}

    /**
     * Tells whether a folder has a file of this name and size.
     *
     * @param published the file
     * @param folder a folder that may not exist
     * @return whether it is there; its content may be another
     * @throws IOException if the folder cannot be read
     */
    public static boolean isIn(PublishedFile published, Path folder) throws IOException {
        Path file = folder.resolve(published.name());
        return Files.isRegularFile(file) && Files.size(file) == published.size();
    }

    /**
     * Reads the file and makes sure that it is the published one.
     *
     * @param published what it should be
     * @param file where it is
     * @param remedy what to do if it is another one
     * @return its content
     * @throws IOException if it cannot be read
     * @throws DeepDefenseException if its size or its checksum is wrong
     */
    public static byte[] read(PublishedFile published, Path file, String remedy)
            throws IOException {
        long found = InputFiles.size(file);
        if (found != published.size()) {
            throw new DeepDefenseException(
                    file
                            + " has "
                            + found
                            + " bytes, expected "
                            + published.size()
                            + " (SHA-256 "
                            + published.sha256()
                            + ")",
                    remedy);
        }
        byte[] content = InputFiles.read(file, Math.toIntExact(published.size()));
        String sum = HexFormat.of().formatHex(Digests.sha256().digest(content));
        if (!sum.equals(published.sha256())) {
            throw new DeepDefenseException(
                    file + " has the SHA-256 sum " + sum + ", expected " + published.sha256(),
                    remedy);
        }
        return content;
    }

    /**
     * Tells whether a file is the published one, whatever its name.
     *
     * @param published what it should be
     * @param file where it is
     * @return whether its size and checksum are right
     * @throws IOException if it cannot be read
     */
    public static boolean isContentOf(PublishedFile published, Path file) throws IOException {
        if (InputFiles.size(file) != published.size()) {
            return false;
        }
        MessageDigest digest = Digests.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest()).equals(published.sha256());
    }

    /**
     * Gives a file its name when it is complete: whoever sees it sees all of it, even after a loss
     * of power.
     *
     * @param part the file as it was written
     * @param file its name
     * @throws IOException if it cannot be renamed
     */
    public static void complete(Path part, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
