package org.deepdefense.datasets.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A photograph as the reference implementations of ImageNet see it: samples as they are stored,
 * without regard to colour profiles, gamma or orientation; grey becomes red, green and blue alike,
 * and transparency is dropped.
 */
final class RgbImage {

    static final int CHANNELS = 3;

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
     * Reads a JPEG file or one of the other formats that the JDK knows.
     *
     * @param file the file; its name tells nothing
     * @return the image
     * @throws IOException if it can't be read, is no image, is damaged or truncated
     */
    static RgbImage read(Path file) throws IOException {
        byte[] content;
        // Not Files.readAllBytes: it leaves a buffer of the file's size with the thread.
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readAllBytes();
        }
        try (Source source = new Source(content)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(source);
            if (!readers.hasNext()) {
                throw new IIOException("no image of a known format");
            }
            ImageReader reader = readers.next();
            try {
                source.exhausted = false;
                reader.setInput(source, true, true);
                RgbImage image =
                        "jpeg".equals(reader.getFormatName().toLowerCase(Locale.ROOT))
                                ? ofJpeg(reader.readRaster(0, null), JpegColors.of(content))
                                : of(reader.read(0));
                // The JPEG reader would fill up what is missing with grey.
                if (source.exhausted) {
                    throw new IIOException("truncated");
                }
                return image;
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IIOException("damaged: " + e, e);
            } finally {
                reader.dispose();
            }
        }
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
        byte[] stored =
                (byte[])
                        raster.getDataElements(
                                raster.getMinX(), raster.getMinY(), width, height, null);
        byte[] samples = bands == CHANNELS ? stored : new byte[CHANNELS * width * height];
        for (int from = 0, to = 0; from < stored.length; from += bands, to += CHANNELS) {
            if (bands == 1) {
                samples[to] = stored[from];
                samples[to + 1] = stored[from];
                samples[to + 2] = stored[from];
                continue;
            }
            if (colors.isLumaChroma(bands)) {
                toRgb(stored, from);
            }
            if (bands == 4) {
                int black = Byte.toUnsignedInt(stored[from + 3]);
                for (int c = 0; c < CHANNELS; c++) {
                    int ink = Byte.toUnsignedInt(stored[from + c]);
                    // As everybody does since Adobe: inks are stored inverted. What YCCK turns to
                    // red, green and blue are the inks, not inverted.
                    int light = colors.isLumaChroma(bands) ? WHITE - ink : ink;
                    samples[to + c] = (byte) Math.round(light * black / (float) WHITE);
                }
            }
        }
        return new RgbImage(width, height, samples);
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
            int[] colors = image.getRGB(0, 0, width, height, null, 0, width);
            for (int i = 0; i < colors.length; i++) {
                samples[CHANNELS * i] = (byte) (colors[i] >> 16);
                samples[CHANNELS * i + 1] = (byte) (colors[i] >> 8);
                samples[CHANNELS * i + 2] = (byte) colors[i];
            }
            return new RgbImage(width, height, samples);
        }
        Raster raster = image.getRaster();
        float brightest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        boolean grey = raster.getNumBands() < CHANNELS;
        for (int c = 0; c < CHANNELS; c++) {
            int[] band = raster.getSamples(0, 0, width, height, grey ? 0 : c, (int[]) null);
            for (int i = 0; i < band.length; i++) {
                samples[CHANNELS * i + c] = (byte) Math.round(band[i] * WHITE / brightest);
            }
        }
        return new RgbImage(width, height, samples);
    }
}
