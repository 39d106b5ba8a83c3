// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.datasets.internal.format.Digests;

/** Labelled images kept as bytes and handed out as floats in [0, 1]. */
public final class PixelDataset implements Dataset {

    private final Shape imageShape;
    private final int imageSize;
    private final byte[] pixels;
    private final byte[] labels;
    private final PixelArrays arrays = new PixelArrays();
    private volatile String checksum;

    /**
     * Takes images without copying them.
     *
     * @param imageShape the shape (C, H, W) of an image
     * @param pixels the pixels of all images (N, C, H, W), unsigned
     * @param labels the classes of all images (N)
     */
    public PixelDataset(Shape imageShape, byte[] pixels, byte[] labels) {
        this.imageShape = imageShape;
        this.imageSize = Math.toIntExact(imageShape.size());
        this.pixels = pixels;
        this.labels = labels;
        if (pixels.length != (long) labels.length * imageSize) {
            throw new IllegalArgumentException(
                    pixels.length + " pixels for " + labels.length + " labels of " + imageShape);
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public NDArray images(NDManager manager, int... indices) {
        Shape shape = new Shape(indices.length).addAll(imageShape);
        return arrays.create(
                manager,
                shape,
                buffer -> {
                    for (int index : indices) {
                        Objects.checkIndex(index, size());
                        buffer.put(pixels, index * imageSize, imageSize);
                    }
                });
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String checksum() {
        String known = checksum;
        if (known == null) {
            // Two threads may both compute it, with the same result.
            MessageDigest digest = Digests.sha256();
            digest.update(pixels);
            digest.update(labels);
            known = "sha256:" + HexFormat.of().formatHex(digest.digest());
            checksum = known;
        }
        return known;
    }
}
