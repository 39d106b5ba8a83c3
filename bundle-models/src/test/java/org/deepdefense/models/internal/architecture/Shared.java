// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Real networks and images, where they are at hand. */
public final class Shared {

    /** Images (N, C, H, W) in [0, 1] and their classes. */
    public record Images(NDArray pixels, NDArray labels) {}

    private Shared() {}

    public static Path data(String path) {
        Path file = Path.of(System.getProperty("deepdefense.shared", "missing"), "data", path);
        assumeTrue(Files.exists(file), file + " is missing");
        return file;
    }

    public static Images mnist(NDManager manager, int count) throws IOException {
        byte[] pixels = unpack("mnist/t10k-images-idx3-ubyte.gz", 16, count * 784);
        byte[] labels = unpack("mnist/t10k-labels-idx1-ubyte.gz", 8, count);
        return new Images(
                manager.create(floats(pixels), new Shape(count, 1, 28, 28)),
                manager.create(longs(labels)));
    }

    private static byte[] unpack(String path, int header, int length) throws IOException {
        try (InputStream file = Files.newInputStream(data(path));
                DataInputStream in = new DataInputStream(new GZIPInputStream(file))) {
            in.skipNBytes(header);
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return bytes;
        }
    }

    public static Images cifar10(NDManager manager, int count) throws IOException {
        int pixels = 3 * 32 * 32;
        float[] values = new float[count * pixels];
        byte[] labels = new byte[count];
        Path path = data("cifar10/cifar-10-batches-bin/test_batch.bin");
        try (DataInputStream in = new DataInputStream(Files.newInputStream(path))) {
            byte[] image = new byte[pixels];
            for (int i = 0; i < count; i++) {
                labels[i] = in.readByte();
                in.readFully(image);
                System.arraycopy(floats(image), 0, values, i * pixels, pixels);
            }
        }
        return new Images(
                manager.create(values, new Shape(count, 3, 32, 32)), manager.create(longs(labels)));
    }

    /** Returns the share of images whose largest logit is that of their class. */
    public static double accuracy(NDArray logits, NDArray labels) {
        NDArray right = logits.argMax(1).eq(labels);
        return right.toType(DataType.FLOAT64, false).mean().getDouble();
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(bytes[i]) / 255f;
        }
        return values;
    }

    private static long[] longs(byte[] bytes) {
        long[] values = new long[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes[i];
        }
        return values;
    }
}
