// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.Split;
import org.junit.jupiter.api.Test;

class DigitsProviderTest {

    private static Dataset open(Split split) throws IOException {
        return new DigitsProvider().open(split, TestSource.NONE);
    }

    private static NDArray all(Dataset dataset, NDManager manager) {
        return dataset.images(manager, IntStream.range(0, dataset.size()).toArray());
    }

    @Test
    void allImagesAreInOneOfTheSplits() throws IOException {
        int train = open(Split.TRAIN).size();
        int test = open(Split.TEST).size();

        assertEquals(1797, train + test);
        assertEquals(397, test, 5);
    }

    @Test
    void splitsHaveAllClassesAlike() throws IOException {
        for (Split split : Split.values()) {
            Dataset dataset = open(split);
            int[] count = new int[10];
            IntStream.range(0, dataset.size()).forEach(i -> count[dataset.label(i)]++);
            for (int c : count) {
                assertEquals(dataset.size() / 10.0, c, 5);
            }
        }
    }

    @Test
    void noImageIsInBothSplits() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Set<String> seen = new HashSet<>();
            for (Split split : Split.values()) {
                Dataset dataset = open(split);
                for (int i = 0; i < dataset.size(); i++) {
                    try (NDArray image = dataset.images(manager, i)) {
                        seen.add(Arrays.toString(image.toFloatArray()));
                    }
                }
            }
            assertEquals(1797, seen.size());
        }
    }

    @Test
    void imagesAreMnistLike() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = all(open(Split.TEST), manager);

            assertEquals(new DigitsProvider().imageShape(), new Shape(1, 28, 28));
            assertEquals(0, images.min().getFloat());
            assertEquals(1, images.max().getFloat(), 0.05);
            // The digits keep a margin of about four pixels, as those of MNIST.
            assertEquals(0, images.get(":, :, :2").max().getFloat());
            assertEquals(0, images.get(":, :, 26:").max().getFloat());
            assertEquals(0, images.get(":, :, :, :2").max().getFloat());
            assertEquals(0, images.get(":, :, :, 26:").max().getFloat());
        }
    }

    @Test
    void enlargingKeepsTheMeanBrightness() throws IOException {
        // 4.884 is the mean of all values 0..16 of the original file; the rest is geometry.
        double expected = 4.884 / 16 * 20 * 20 / (28 * 28);
        double sum = 0;
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Split split : Split.values()) {
                Dataset dataset = open(split);
                sum += all(dataset, manager).mean().getFloat() * dataset.size();
            }
        }
        assertEquals(expected, sum / 1797, 0.001);
    }

    @Test
    void nearestNeighbourReadsTheTestImages() throws IOException {
        Dataset train = open(Split.TRAIN);
        Dataset test = open(Split.TEST);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray known = all(train, manager).reshape(train.size(), 784);
            NDArray unknown = all(test, manager).reshape(test.size(), 784);
            NDArray similarity =
                    unknown.matMul(known.transpose())
                            .mul(2)
                            .sub(known.square().sum(new int[] {1}).reshape(1, train.size()));
            long[] nearest = similarity.argMax(1).toLongArray();
            long right =
                    IntStream.range(0, test.size())
                            .filter(i -> train.label((int) nearest[i]) == test.label(i))
                            .count();

            assertTrue(right > 0.97 * test.size(), () -> right + " of " + test.size());
        }
    }

    @Test
    void sameDataEveryTime() throws IOException {
        assertEquals(open(Split.TEST).checksum(), open(Split.TEST).checksum());
        assertNotEquals(open(Split.TEST).checksum(), open(Split.TRAIN).checksum());
    }
}
