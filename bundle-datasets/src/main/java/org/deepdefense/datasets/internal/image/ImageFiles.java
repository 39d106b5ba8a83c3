// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.datasets.internal.format.Digests;
import org.deepdefense.datasets.internal.format.InputFiles;

/** Photographs that stay in their files until they are asked for. */
public final class ImageFiles implements Dataset {

    /** How many files the checksum reads. */
    private static final int READ_FOR_CHECKSUM = 1000;

    private final List<Labelled> files;
    private final List<String> classNames;
    private final CentreCrop crop;
    private final PixelArrays arrays = new PixelArrays();
    private volatile String checksum;

    /**
     * A photograph and its class.
     *
     * @param file the photograph
     * @param label its class
     */
    public record Labelled(Path file, int label) {}

    /**
     * Describes photographs.
     *
     * @param files the photographs
     * @param classNames the names of the classes in the order of their labels
     * @param crop brings them to one size
     */
    public ImageFiles(List<Labelled> files, List<String> classNames, CentreCrop crop) {
        this.files = List.copyOf(files);
        this.classNames = List.copyOf(classNames);
        this.crop = crop;
    }

    @Override
    public int size() {
        return files.size();
    }

    /**
     * Reads photographs.
     *
     * @throws DeepDefenseException if a file can't be read or is no image; the message names it
     */
    @Override
    public NDArray images(NDManager manager, int... indices) {
        Shape shape = new Shape(indices.length, RgbImage.CHANNELS, crop.size(), crop.size());
        return arrays.create(
                manager,
                shape,
                pixels -> {
                    for (int index : indices) {
                        pixels.put(read(files.get(index).file()));
                    }
                });
    }

    private byte[] read(Path file) {
        try {
            return crop.apply(RgbImage.read(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static DeepDefenseException unreadable(Path file, IOException reason) {
        return new DeepDefenseException(
                "The image " + file + " can't be read (" + InputFiles.reason(reason) + ")",
                "get it anew from the original archive, or take it out of its folder",
                reason);
    }

    @Override
    public int label(int index) {
        return files.get(index).label();
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    /**
     * Returns a fingerprint of the names, sizes and labels of all files and of the content of 1000
     * of them, evenly spread: reading 150 GB would take longer than what the fingerprint is for.
     */
    @Override
    public String checksum() {
        String known = checksum;
        if (known == null) {
            // Two threads may both compute it, with the same result.
            known = "sha256:" + HexFormat.of().formatHex(digest());
            checksum = known;
        }
        return known;
    }

    private byte[] digest() {
        MessageDigest digest = Digests.sha256();
        int read = Math.min(READ_FOR_CHECKSUM, files.size());
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i).file();
            try {
                String line =
                        file.getParent().getFileName()
                                + "/"
                                + file.getFileName()
                                + " "
                                + InputFiles.size(file)
                                + " "
                                + files.get(i).label()
                                + "\n";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                // As many as are wanted, wherever i · read / size reaches the next whole number.
                if ((long) i * read / files.size() != (i + 1L) * read / files.size()) {
                    digest.update(InputFiles.read(file, RgbImage.MAX_BYTES));
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return digest.digest();
    }
}
