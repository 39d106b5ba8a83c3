// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.deepdefense.datasets.internal.format.InputFiles;

/**
 * A photograph as the reference implementations of ImageNet see it: samples as they are stored,
 * without regard to colour profiles, gamma or orientation; grey becomes red, green and blue alike,
 * and transparency is dropped.
 */
public final class RgbImage {

    public static final int CHANNELS = 3;

    /** How large a file may be; the largest of ImageNet have some 15 MB. */
    static final int MAX_BYTES = 64 << 20;

    /** How many pixels an image may have. */
    private static final int MAX_PIXELS = 64_000_000;

    /**
     * How many pixels are decoded at most; of larger images, which are shrunk to a fraction of it
     * anyway, every second row and column or fewer.
     */
    private static final int MAX_DECODED_PIXELS = 22_000_000;

    private static final Set<String> FORMATS = Set.of("jpeg", "png", "gif");

    private static final int WHITE = 255;

    private final int width;
    private final int height;
    private final byte[] samples;

    /**
     * Takes over the samples of an image.
     *
     * @param width how many columns it has
     * @param height how many rows it has
     * @param samples red, green and blue of each pixel, row by row, unsigned
     */
    RgbImage(int width, int height, byte... samples) {
        this.width = width;
        this.height = height;
        this.samples = samples;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Returns red, green and blue of each pixel, row by row, unsigned; not to be changed. */
    byte[] samples() {
        return samples;
    }

    /**
     * Reads a JPEG, PNG or GIF file.
     *
     * @param file the file; its name tells nothing
     * @return the image
     * @throws IOException if it can't be read, is no such image, is damaged, truncated, or so large
     *     that it would take more than some 250 MB or seconds
     */
    public static RgbImage read(Path file) throws IOException {
        byte[] content = InputFiles.read(file, MAX_BYTES);
        try (Source source = new Source(content)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(source);
            if (!readers.hasNext()) {
                throw new IIOException("no image of a known format");
            }
            ImageReader reader = readers.next();
            try {
                source.exhausted = false;
                RgbImage image = decode(reader, source, content);
                // The JPEG reader would fill up what is missing with grey.
                if (source.exhausted) {
                    throw new IIOException("truncated");
                }
                return image;
            } catch (RuntimeException e) {
                // What the readers of the JDK throw at damaged content is not limited to their own.
                throw new IIOException("damaged: " + e, e);
            } finally {
                reader.dispose();
            }
        }
    }

    private static RgbImage decode(ImageReader reader, Source source, byte... content)
            throws IOException {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
            throw new IIOException("an image of the format " + format + ", not JPEG, PNG or GIF");
        }
        reader.setInput(source, true, true);
        // Known from the header, before there is memory for a pixel.
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        long pixels = (long) width * height;
        boolean jpeg = "jpeg".equals(format);
        if (pixels > MAX_PIXELS || (jpeg && JpegWork.of(content).isTooMuchFor(pixels))) {
            throw new IIOException("too large: " + width + " by " + height + " pixels");
        }
        ImageReadParam parameters = reader.getDefaultReadParam();
        int step = (int) Math.ceil(Math.sqrt((double) pixels / MAX_DECODED_PIXELS));
        parameters.setSourceSubsampling(step, step, 0, 0);
        return jpeg
                ? ofJpeg(reader.readRaster(0, parameters), JpegColors.of(content))
                : of(reader.read(0, parameters));
    }

    /** Bytes that notice when more of them are wanted than there are. */
    private static final class Source extends MemoryCacheImageInputStream {

        private boolean exhausted;

        Source(byte[] content) {
            super(new ByteArrayInputStream(content));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            exhausted |= read < 0;
            return read;
        }
    }

    private static RgbImage ofJpeg(Raster raster, JpegColors colors) throws IIOException {
        int bands = raster.getNumBands();
        if (raster.getTransferType() != DataBuffer.TYPE_BYTE || bands == 2 || bands > 4) {
            throw new IIOException("JPEG with " + bands + " components");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        boolean lumaChroma = bands != 1 && colors.isLumaChroma(bands);
        byte[] samples = new byte[CHANNELS * width * height];
        byte[] row = new byte[bands * width];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int from = 0; from < row.length; from += bands, to += CHANNELS) {
                if (lumaChroma) {
                    toRgb(row, from);
                }
                for (int c = 0; c < CHANNELS; c++) {
                    samples[to + c] =
                            switch (bands) {
                                case 1 -> row[from];
                                case CHANNELS -> row[from + c];
                                default -> mix(row[from + c], row[from + CHANNELS], lumaChroma);
                            };
                }
            }
        }
        return new RgbImage(width, height, samples);
    }

    /**
     * Mixes an ink with black. As everybody does since Adobe, inks are stored inverted; what YCCK
     * turns to red, green and blue are the inks, not inverted.
     */
    private static byte mix(byte stored, byte black, boolean inverted) {
        int ink = Byte.toUnsignedInt(stored);
        int light = inverted ? WHITE - ink : ink;
        return (byte) Math.round(light * Byte.toUnsignedInt(black) / (float) WHITE);
    }

    /** Turns luma and chroma of a pixel to red, green and blue (JFIF 1.02, 1992). */
    private static void toRgb(byte[] samples, int pixel) {
        int luma = Byte.toUnsignedInt(samples[pixel]);
        int blue = Byte.toUnsignedInt(samples[pixel + 1]) - 128;
        int red = Byte.toUnsignedInt(samples[pixel + 2]) - 128;
        samples[pixel] = clip(luma + Math.round(1.402f * red));
        samples[pixel + 1] = clip(luma + Math.round(-0.344136f * blue - 0.714136f * red));
        samples[pixel + 2] = clip(luma + Math.round(1.772f * blue));
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(WHITE, value));
    }

    private static RgbImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] samples = new byte[CHANNELS * width * height];
        if (image.getColorModel() instanceof IndexColorModel) {
            int[] row = new int[width];
            for (int y = 0, to = 0; y < height; y++) {
                for (int color : image.getRGB(0, y, width, 1, row, 0, width)) {
                    samples[to++] = (byte) (color >> 16);
                    samples[to++] = (byte) (color >> 8);
                    samples[to++] = (byte) color;
                }
            }
            return new RgbImage(width, height, samples);
        }
        Raster raster = image.getRaster();
        float brightest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        boolean grey = raster.getNumBands() < CHANNELS;
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int c = 0; c < CHANNELS; c++) {
                int to = CHANNELS * width * y + c;
                for (int sample : raster.getSamples(0, y, width, 1, grey ? 0 : c, row)) {
                    samples[to] = (byte) Math.round(sample * WHITE / brightest);
                    to += CHANNELS;
                }
            }
        }
        return new RgbImage(width, height, samples);
    }
}
