// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Arrays;

/** The pixels of one image, independent of any engine's memory. */
public final class Picture {

    private final int channels;
    private final int height;
    private final int width;
    private final float[] pixels;

    /**
     * Copies pixels.
     *
     * @param channels the number of channels, 1 for gray and 3 for red, green and blue
     * @param height the height in pixels
     * @param width the width in pixels
     * @param pixels the pixels in the order C, H, W
     * @throws IllegalArgumentException if the number of pixels is another
     */
    public Picture(int channels, int height, int width, float... pixels) {
        if (pixels.length != channels * height * width) {
            throw new IllegalArgumentException(
                    pixels.length + " pixels do not make " + channels + "×" + height + "×" + width);
        }
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.pixels = pixels.clone();
    }

    /**
     * Returns the number of channels.
     *
     * @return C
     */
    public int channels() {
        return channels;
    }

    /**
     * Returns the height.
     *
     * @return H
     */
    public int height() {
        return height;
    }

    /**
     * Returns the width.
     *
     * @return W
     */
    public int width() {
        return width;
    }

    /**
     * Returns one pixel.
     *
     * @param channel the channel, from 0
     * @param y the row, from 0 at the top
     * @param x the column, from 0 at the left
     * @return its value, in the bounds of the data set
     */
    public float pixel(int channel, int y, int x) {
        return pixels[(channel * height + y) * width + x];
    }

    /**
     * Returns all pixels.
     *
     * @return a copy, in the order C, H, W
     */
    public float[] pixels() {
        return pixels.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture picture
                && channels == picture.channels
                && height == picture.height
                && width == picture.width
                && Arrays.equals(pixels, picture.pixels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pixels);
    }
}
