// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

/**
 * The closed interval in which the pixels of images lie.
 *
 * @param min the smallest value of a pixel
 * @param max the largest value of a pixel, above {@code min}
 */
public record Bounds(float min, float max) {

    /** Pixels in [0, 1], as all data sets of this project have them. */
    public static final Bounds UNIT = new Bounds(0, 1);

    /**
     * Checks the components.
     *
     * @param min the smallest value of a pixel
     * @param max the largest value of a pixel, above {@code min}
     * @throws IllegalArgumentException if the interval is empty or not finite
     */
    public Bounds {
        if (!(min < max) || Float.isInfinite(min) || Float.isInfinite(max)) {
            throw new IllegalArgumentException("Not an interval: [" + min + ", " + max + "]");
        }
    }

    /**
     * Returns the length of the interval.
     *
     * @return {@code max - min}
     */
    public float range() {
        return max - min;
    }

    @Override
    public String toString() {
        return "[" + min + ", " + max + "]";
    }
}
