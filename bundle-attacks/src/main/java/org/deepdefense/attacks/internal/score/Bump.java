// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The shape that the Square Attack in L2 adds to a window: a positive and a negative pyramid, side
 * by side, which together have the length 1 (equation 2 of the paper).
 */
public final class Bump {

    private Bump() {}

    /**
     * Makes both orientations.
     *
     * @param manager the owner of the result
     * @param height rows of the window
     * @param width columns of the window
     * @return the one with its pyramids next to each other, and the one with one above the other
     *     (2, height, width)
     */
    public static NDArray both(NDManager manager, long height, long width) {
        int h = Math.toIntExact(height);
        int w = Math.toIntExact(width);
        float[] values = new float[2 * h * w];
        double[][] stacked = stacked(h, w);
        double[][] turned = stacked(w, h);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                values[y * w + x] = (float) turned[x][y];
                values[(h + y) * w + x] = (float) stacked[y][x];
            }
        }
        return manager.create(values, new Shape(2, h, w));
    }

    /** Returns two pyramids of equal length, one above the other. */
    private static double[][] stacked(int height, int width) {
        double[][] upper = pyramid(height / 2, width);
        double[][] lower = pyramid(height - height / 2, width);
        double share = upper.length == 0 ? 1 : Math.sqrt(0.5);
        double[][] both = new double[height][];
        for (int y = 0; y < height; y++) {
            boolean isUpper = y < upper.length;
            both[y] = isUpper ? upper[y] : lower[y - upper.length];
            for (int x = 0; x < width; x++) {
                both[y][x] *= isUpper ? share : -share;
            }
        }
        return both;
    }

    /** Returns a sum of rectangles around the middle, the n-th of the height 1/n², of length 1. */
    private static double[][] pyramid(int height, int width) {
        int middleY = height / 2;
        int middleX = width / 2;
        int last = Math.max(middleY, middleX);
        double[] level = new double[last + 2];
        for (int ring = last; ring >= 0; ring--) {
            level[ring] = level[ring + 1] + 1.0 / ((ring + 1) * (ring + 1));
        }
        double[][] values = new double[height][width];
        double squares = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                values[y][x] = level[Math.max(Math.abs(y - middleY), Math.abs(x - middleX))];
                squares += values[y][x] * values[y][x];
            }
        }
        for (double[] row : values) {
            for (int x = 0; x < width; x++) {
                row[x] /= Math.sqrt(squares);
            }
        }
        return values;
    }
}
