// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PixelDatasetTest {

    private static final Shape SHAPE = new Shape(1, 16, 16);

    /** Every value that a byte can have, once forwards and once backwards. */
    private static PixelDataset allGreys() {
        byte[] pixels = new byte[512];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
            pixels[511 - i] = (byte) i;
        }
        return new PixelDataset(SHAPE, pixels, new byte[] {3, 7});
    }

    @Test
    void imagesComeInTheOrderOfTheIndicesAsExactQuotients() {
        float[] expected = new float[768];
        for (int i = 0; i < 256; i++) {
            expected[255 - i] = i / 255f;
            expected[256 + i] = i / 255f;
            expected[767 - i] = i / 255f;
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = allGreys().images(manager, 1, 0, 1);

            assertEquals(new Shape(3, 1, 16, 16), images.getShape());
            assertEquals(DataType.FLOAT32, images.getDataType());
            assertArrayEquals(expected, images.toFloatArray());
            assertEquals(manager, images.getManager());
        }
    }

    @Test
    void laterImagesLeaveEarlierOnesAlone() {
        PixelDataset dataset = allGreys();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray first = dataset.images(manager, 0);
            float[] before = first.toFloatArray();
            dataset.images(manager, 1);

            assertArrayEquals(before, first.toFloatArray());
        }
    }

    @Test
    void onlyTheResultIsLeftInTheManager() {
        PixelDataset dataset = allGreys();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = dataset.images(manager, 0, 1);

            assertEquals(List.of(images), manager.getManagedArrays());
        }
    }

    @Test
    void manyThreadsMayAsk() {
        PixelDataset dataset = allGreys();
        float[][] expected = new float[2][];
        try (NDManager manager = NDManager.newBaseManager()) {
            expected[0] = dataset.images(manager, 0).toFloatArray();
            expected[1] = dataset.images(manager, 1).toFloatArray();
        }
        IntStream.range(0, 200)
                .parallel()
                .forEach(
                        i -> {
                            try (NDManager manager = NDManager.newBaseManager()) {
                                assertArrayEquals(
                                        expected[i % 2],
                                        dataset.images(manager, i % 2).toFloatArray());
                            }
                        });
    }

    @Test
    void indexOutsideIsRefused() {
        PixelDataset dataset = allGreys();
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThrows(IndexOutOfBoundsException.class, () -> dataset.images(manager, 0, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> dataset.images(manager, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> dataset.label(2));
        }
    }

    @Test
    void checksumCoversPixelsAndLabels() {
        Shape shape = new Shape(1, 1, 1);
        String checksum =
                new PixelDataset(shape, new byte[] {'a', 'b', 'c'}, new byte[3]).checksum();

        // printf 'abc\0\0\0' | sha256sum
        assertEquals(
                "sha256:dd0b251b2bf91037a1e4fc8416a24ae00bcb9a8c252dc7e2361f2fc015f51c16",
                checksum);
        assertNotEquals(
                checksum,
                new PixelDataset(shape, new byte[] {'a', 'b', 'c'}, new byte[] {0, 0, 1})
                        .checksum());
        assertNotEquals(
                checksum,
                new PixelDataset(shape, new byte[] {'a', 'b', 'd'}, new byte[3]).checksum());
    }

    @Test
    void labelsMustMatchImages() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PixelDataset(SHAPE, new byte[512], new byte[3]));
    }
}
