// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.deepdefense.evaluation.Picture;

/** Pixels to be shown, each with red, green and blue in 0..1. */
final class Raster {

    private static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final float[] rgb;

    /** Takes red, green and blue of each pixel, row by row. */
    private Raster(int width, int height, float[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** An image; values outside 0..1 are clipped, and gray becomes three equal channels. */
    static Raster of(Picture picture) {
        return shifted(picture, null, 1);
    }

    /** The change between two images, times a factor, on middle gray. */
    static Raster difference(Picture from, Picture to, double factor) {
        return shifted(to, from, factor);
    }

    /** The factor at which the largest change just reaches black or white. */
    static double magnification(Picture from, Picture to) {
        double largest = 0;
        for (int c = 0; c < from.channels(); c++) {
            for (int y = 0; y < from.height(); y++) {
                for (int x = 0; x < from.width(); x++) {
                    largest = Math.max(largest, Math.abs(to.pixel(c, y, x) - from.pixel(c, y, x)));
                }
            }
        }
        return largest > 0 ? 0.5 / largest : 1;
    }

    private static Raster shifted(Picture picture, Picture from, double factor) {
        float[] rgb = new float[picture.width() * picture.height() * CHANNELS];
        int i = 0;
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                for (int c = 0; c < CHANNELS; c++) {
                    int channel = Math.min(c, picture.channels() - 1);
                    double value = picture.pixel(channel, y, x);
                    if (from != null) {
                        value = 0.5 + factor * (value - from.pixel(channel, y, x));
                    }
                    rgb[i++] = (float) Math.min(1, Math.max(0, value));
                }
            }
        }
        return new Raster(picture.width(), picture.height(), rgb);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    float channel(int x, int y, int c) {
        return rgb[(y * width + x) * CHANNELS + c];
    }

    /** The channel as a byte. */
    int level(int x, int y, int c) {
        return Math.round(channel(x, y, c) * 255);
    }

    double luminance(int x, int y) {
        return 0.2126 * channel(x, y, 0) + 0.7152 * channel(x, y, 1) + 0.0722 * channel(x, y, 2);
    }

    /** The same picture in at most so many columns, each pixel the mean of the area it covers. */
    Raster fit(int columns) {
        if (columns >= width) {
            return this;
        }
        int rows = Math.max(1, Math.round(height * (columns / (float) width)));
        float[] small = new float[columns * rows * CHANNELS];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                for (int c = 0; c < CHANNELS; c++) {
                    small[(y * columns + x) * CHANNELS + c] =
                            mean(
                                    x * (double) width / columns,
                                    (x + 1) * (double) width / columns,
                                    y * (double) height / rows,
                                    (y + 1) * (double) height / rows,
                                    c);
                }
            }
        }
        return new Raster(columns, rows, small);
    }

    private float mean(double left, double right, double top, double bottom, int c) {
        double sum = 0;
        double area = 0;
        for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
            double high = Math.min(bottom, y + 1) - Math.max(top, y);
            for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
                double part = high * (Math.min(right, x + 1) - Math.max(left, x));
                sum += part * channel(x, y, c);
                area += part;
            }
        }
        return (float) (sum / area);
    }

    /** Paints the picture with squares for pixels. */
    void paint(BufferedImage image, int left, int top, int square) {
        for (int y = 0; y < height * square; y++) {
            for (int x = 0; x < width * square; x++) {
                int px = x / square;
                int py = y / square;
                int color = level(px, py, 0) << 16 | level(px, py, 1) << 8 | level(px, py, 2);
                image.setRGB(left + x, top + y, color);
            }
        }
    }

    /** Writes the picture to a PNG file, pixel by pixel. */
    void writePng(Path file) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        paint(image, 0, 0, 1);
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java cannot write PNG files (" + file + ")");
        }
    }
}
