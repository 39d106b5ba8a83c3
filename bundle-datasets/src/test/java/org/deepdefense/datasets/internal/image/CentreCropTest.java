// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CentreCropTest {

    /** An image whose red is the given function of the place; green and blue are 7 and 200. */
    private static RgbImage image(int width, int height, IntBinaryOperator redAtXy) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            samples[3 * i] = (byte) redAtXy.applyAsInt(i % width, i / width);
            samples[3 * i + 1] = 7;
            samples[3 * i + 2] = (byte) 200;
        }
        return new RgbImage(width, height, samples);
    }

    private static int[] red(byte[] crop, int count) {
        return IntStream.range(0, count).map(i -> Byte.toUnsignedInt(crop[i])).toArray();
    }

    @Test
    void imageOfTheRightSizeIsOnlyCropped() {
        RgbImage image = image(6, 4, (x, y) -> 10 * x + y);

        byte[] crop = new CentreCrop(4, 2).apply(image);

        assertArrayEquals(new byte[] {21, 31, 22, 32, 7, 7, 7, 7, -56, -56, -56, -56}, crop);
    }

    /**
     * The weights of a triangle over twice as many pixels: 1, 3, 3, 1 of 8; 3, 3, 1 of 7 at an end.
     */
    @Test
    void shrinkingAveragesOverAllPixels() {
        int[] line = {0, 80, 160, 240, 40, 120, 200, 8};
        RgbImage image = image(8, 8, (x, y) -> line[x]);

        byte[] crop = new CentreCrop(4, 4).apply(image);

        assertArrayEquals(new int[] {57, 165, 115, 106}, red(crop, 4));
    }

    @Test
    void smallImagesGrow() {
        RgbImage image = image(2, 3, (x, y) -> 100 * x);

        byte[] crop = new CentreCrop(4, 4).apply(image);

        assertArrayEquals(new int[] {0, 25, 75, 100}, red(crop, 4));
    }

    /** Without rounding after the first pass, all four would be 1. */
    @Test
    void eachPassRounds() {
        RgbImage image = image(4, 4, (x, y) -> x % 2 + y % 2);

        byte[] crop = new CentreCrop(2, 2).apply(image);

        assertArrayEquals(new int[] {0, 1, 1, 2}, red(crop, 4));
    }

    /** 4 · 5/3 is 6.67, so that the margin of 5 columns of 7 begins with 2. */
    @Test
    void longerSideIsRoundedToTheNearestPixel() {
        RgbImage image = image(5, 3, (x, y) -> 40 * x);

        byte[] crop = new CentreCrop(4, 2).apply(image);

        assertArrayEquals(new int[] {51, 80}, red(crop, 2));
    }

    /** Margins of 71 and 69 on both sides together become 36 and 34, as Python rounds. */
    @ParameterizedTest
    @CsvSource({"295, 36", "293, 34", "294, 35", "257, 16"})
    void oddMarginsAreHalvedToTheNearestEvenNumber(int length, int first) {
        CentreCrop crop = new CentreCrop(256, 224);
        int last = first + 223;

        byte[] wide = crop.apply(image(length, 256, (x, y) -> x - first));
        byte[] high = crop.apply(image(256, length, (x, y) -> y - first));

        assertEquals(0, wide[0]);
        assertEquals(last - first, Byte.toUnsignedInt(wide[223]));
        assertEquals(0, high[0]);
        assertEquals(last - first, Byte.toUnsignedInt(high[224 * 223]));
    }

    @Test
    void bothDirectionsAreTreatedAlike() {
        CentreCrop crop = new CentreCrop(256, 224);
        RgbImage wide = image(500, 375, (x, y) -> x / 2);
        RgbImage high = image(375, 500, (x, y) -> y / 2);

        int expected = (int) Math.round(((58.5 * 500 / 341) - 0.5) / 2 - 0.25);

        assertEquals(expected, Byte.toUnsignedInt(crop.apply(wide)[0]));
        assertEquals(expected, Byte.toUnsignedInt(crop.apply(high)[0]));
    }

    @Test
    void extremeShapesCostNoMemory() {
        byte[] crop = new CentreCrop(256, 224).apply(image(1, 200_000, (x, y) -> 9));

        assertEquals(9, crop[224 * 112]);
        assertEquals(3 * 224 * 224, crop.length);
        assertEquals(9, new CentreCrop(256, 224).apply(image(9_000_000, 1, (x, y) -> 9))[0]);
    }
}
