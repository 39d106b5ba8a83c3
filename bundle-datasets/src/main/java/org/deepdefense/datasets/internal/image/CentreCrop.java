// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

/**
 * Brings photographs of any size to the square that networks for ImageNet are tested on: the
 * shorter side is resized by bilinear interpolation, over as many pixels as become one where the
 * image shrinks, and the centre is cut out. The arithmetic is that of Pillow, whose images the
 * networks of torchvision were trained on: columns first, rounded to 8 bits, then rows. As there, a
 * margin that is odd is halved to the nearest even number. The longer side is rounded to the
 * nearest pixel and keeps its proportion best; torchvision cuts it off, which moves the crop by a
 * part of a pixel.
 *
 * @param shortSide the length of the shorter side after resizing
 * @param size the sides of the square
 */
public record CentreCrop(int shortSide, int size) {

    private static final int CHANNELS = RgbImage.CHANNELS;

    /**
     * Resizes and crops.
     *
     * @param image the photograph
     * @return its centre, red, green and blue (3, size, size), unsigned
     */
    public byte[] apply(RgbImage image) {
        int width = image.width();
        int height = image.height();
        Weights columns = weights(width, height);
        Weights rows = weights(height, width);

        // Only the rows that the crop needs.
        int top = rows.first[0];
        int bottom = rows.first[size - 1] + rows.of[size - 1].length;
        byte[] narrow = new byte[(bottom - top) * size * CHANNELS];
        for (int y = top; y < bottom; y++) {
            for (int x = 0; x < size; x++) {
                int from = (y * width + columns.first[x]) * CHANNELS;
                int to = ((y - top) * size + x) * CHANNELS;
                for (int c = 0; c < CHANNELS; c++) {
                    narrow[to + c] = sum(image.samples(), from + c, CHANNELS, columns.of[x]);
                }
            }
        }
        byte[] result = new byte[CHANNELS * size * size];
        for (int c = 0; c < CHANNELS; c++) {
            for (int y = 0; y < size; y++) {
                int from = (rows.first[y] - top) * size * CHANNELS + c;
                for (int x = 0; x < size; x++) {
                    result[(c * size + y) * size + x] =
                            sum(narrow, from + x * CHANNELS, size * CHANNELS, rows.of[y]);
                }
            }
        }
        return result;
    }

    private static byte sum(byte[] samples, int from, int stride, float... weights) {
        float sum = 0;
        int at = from;
        for (float weight : weights) {
            sum += weight * Byte.toUnsignedInt(samples[at]);
            at += stride;
        }
        return (byte) Math.min(255, (int) (sum + 0.5f));
    }

    /** What the pixels of a line of the crop are made of. */
    private static final class Weights {

        /** The first pixel of the photograph for each pixel of the crop. */
        private final int[] first;

        /** The weights of it and those that follow. */
        private final float[][] of;

        Weights(int size) {
            first = new int[size];
            of = new float[size][];
        }
    }

    private Weights weights(int length, int other) {
        // As lengths may be of a line of millions of pixels, more than an int may come of them.
        long resized =
                length <= other ? shortSide : Math.round((double) shortSide * length / other);
        double offset = Math.rint((resized - size) / 2.0);
        double scale = (double) length / resized;
        double reach = Math.max(scale, 1);
        Weights weights = new Weights(size);
        for (int i = 0; i < size; i++) {
            double centre = (offset + i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - reach + 0.5));
            int end = Math.min(length, (int) (centre + reach + 0.5));
            double[] triangle = new double[end - first];
            double sum = 0;
            for (int j = 0; j < triangle.length; j++) {
                triangle[j] = Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach);
                sum += triangle[j];
            }
            weights.first[i] = first;
            weights.of[i] = new float[triangle.length];
            for (int j = 0; j < triangle.length; j++) {
                weights.of[i][j] = (float) (triangle[j] / sum);
            }
        }
        return weights;
    }
}
