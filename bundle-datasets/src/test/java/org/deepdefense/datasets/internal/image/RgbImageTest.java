// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.image;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.deepdefense.datasets.internal.provider.DamagedFilesTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {

    private static final int SIDE = 16;

    @TempDir private Path directory;

    private Path write(String format, BufferedImage image) throws IOException {
        Path file = directory.resolve("image." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    /** Writes components as they are, without JFIF and Adobe markers. */
    private Path writeJpeg(int... components) throws IOException {
        WritableRaster raster =
                Raster.createInterleavedRaster(
                        DataBuffer.TYPE_BYTE, SIDE, SIDE, components.length, null);
        for (int b = 0; b < components.length; b++) {
            int[] band = new int[SIDE * SIDE];
            Arrays.fill(band, components[b]);
            raster.setSamples(0, 0, SIDE, SIDE, b, band);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        Path file = directory.resolve("image.jpeg");
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
        return file;
    }

    /** Puts Adobe's marker with a transform after the start of a JPEG file. */
    private static Path mark(Path file, int transform) throws IOException {
        byte[] content = Files.readAllBytes(file);
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.write(content, 0, 2);
        marked.writeBytes(
                new byte[] {
                    (byte) 0xFF,
                    (byte) 0xEE,
                    0,
                    14,
                    'A',
                    'd',
                    'o',
                    'b',
                    'e',
                    0,
                    100,
                    0,
                    0,
                    0,
                    0,
                    (byte) transform
                });
        marked.write(content, 2, content.length - 2);
        return Files.write(file, marked.toByteArray());
    }

    private static BufferedImage filled(int type, Color color) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, type);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, color.getRGB());
        }
        return image;
    }

    /** Checks that all pixels have the same colour, within what JPEG loses. */
    private static void assertColor(int red, int green, int blue, Path file) throws IOException {
        RgbImage image = RgbImage.read(file);
        assertEquals(SIDE, image.width());
        assertEquals(SIDE, image.height());
        int[] expected = {red, green, blue};
        for (int i = 0; i < image.samples().length; i++) {
            assertEquals(expected[i % 3], Byte.toUnsignedInt(image.samples()[i]), 2, "sample " + i);
        }
    }

    @Test
    void colorJpeg() throws IOException {
        Path file = write("jpeg", filled(BufferedImage.TYPE_INT_RGB, new Color(200, 30, 90)));

        assertColor(200, 30, 90, file);
    }

    /** The JDK would take grey for linear light, and return 188 for 128. */
    @Test
    void greyIsNotBrightened() throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((DataBufferByte) image.getRaster().getDataBuffer()).getData(), (byte) 128);

        assertColor(128, 128, 128, write("jpeg", image));
        assertColor(128, 128, 128, write("png", image));
    }

    @Test
    void componentsWithoutMarkersAreLumaAndChroma() throws IOException {
        assertColor(255, 0, 0, writeJpeg(76, 85, 255));
    }

    @Test
    void adobeMarkerSaysRgb() throws IOException {
        assertColor(250, 20, 60, mark(writeJpeg(250, 20, 60), 0));
    }

    /** Inks are stored inverted: 255 is none. */
    @Test
    void cmyk() throws IOException {
        assertColor(255, 255, 255, writeJpeg(255, 255, 255, 255));
        assertColor(100, 50, 0, mark(writeJpeg(200, 100, 0, 128), 0));
    }

    /** Luma and chroma of (255, 0, 0) are cyan without other inks, so its complement is stored. */
    @Test
    void ycck() throws IOException {
        assertColor(0, 255, 255, mark(writeJpeg(76, 85, 255, 255), 2));
        assertColor(0, 128, 128, mark(writeJpeg(76, 85, 255, 128), 2));
    }

    @Test
    void colorProfileIsIgnored() throws IOException {
        ColorSpace linear = ICC_ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        var model =
                new ComponentColorModel(
                        linear, false, false, BufferedImage.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(SIDE, SIDE);
        for (int b = 0; b < 3; b++) {
            int[] band = new int[SIDE * SIDE];
            Arrays.fill(band, 60 + 60 * b);
            raster.setSamples(0, 0, SIDE, SIDE, b, band);
        }
        BufferedImage image = new BufferedImage(model, raster, false, null);

        assertColor(60, 120, 180, write("png", image));
    }

    @Test
    void pngWithPaletteTransparencyAndDepth() throws IOException {
        assertColor(
                51,
                102,
                153,
                write("png", filled(BufferedImage.TYPE_BYTE_INDEXED, new Color(51, 102, 153))));
        assertColor(
                40,
                50,
                60,
                write("png", filled(BufferedImage.TYPE_INT_ARGB, new Color(40, 50, 60, 9))));
        BufferedImage deep = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster()
                .setSamples(
                        0,
                        0,
                        SIDE,
                        SIDE,
                        0,
                        IntStream.generate(() -> 257 * 99).limit(SIDE * SIDE).toArray());
        assertColor(99, 99, 99, write("png", deep));
    }

    /** As in ImageNet's n02105855_2933.JPEG, which is a PNG file. */
    @Test
    void contentCountsNotTheName() throws IOException {
        Path png = write("png", filled(BufferedImage.TYPE_INT_RGB, Color.GREEN));

        assertColor(0, 255, 0, Files.move(png, directory.resolve("n02105855_2933.JPEG")));
    }

    @Test
    void truncatedJpegIsNotFilledUp() throws IOException {
        BufferedImage noise = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 40_000; i++) {
            noise.setRGB(i % 200, i / 200, random.nextInt());
        }
        Path file = write("jpeg", noise);
        byte[] content = Files.readAllBytes(file);
        assertEquals(200, RgbImage.read(file).width());
        for (int length : new int[] {content.length - 2, content.length / 2, 700, 30, 3}) {
            Files.write(file, Arrays.copyOf(content, length));

            assertThrows(IOException.class, () -> RgbImage.read(file), length + " bytes");
        }
    }

    @Test
    void otherFilesAreNoImages() throws IOException {
        Path file = Files.writeString(directory.resolve("a.jpeg"), "<html>not found</html>");

        IOException e = assertThrows(IOException.class, () -> RgbImage.read(file));

        assertEquals("no image of a known format", e.getMessage());
        assertThrows(
                IOException.class, () -> RgbImage.read(Files.createFile(directory.resolve("b"))));
    }

    @Test
    void garbageInsideNeverEscapesAsAnotherError() throws IOException {
        Path file = write("jpeg", filled(BufferedImage.TYPE_INT_RGB, Color.PINK));
        byte[] content = Files.readAllBytes(file);
        Random random = new Random(3);
        StringBuilder other = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            byte[] damaged = content.clone();
            damaged[2 + random.nextInt(content.length - 2)] = (byte) random.nextInt();
            Files.write(file, damaged);
            try {
                RgbImage.read(file);
            } catch (IOException | RuntimeException e) {
                if (!(e instanceof IOException)) {
                    other.append(
                            Arrays.stream(e.getStackTrace())
                                    .limit(3)
                                    .map(String::valueOf)
                                    .collect(joining("\n", e + "\n", "\n")));
                }
            }
        }
        assertEquals("", other.toString());
    }

    /** Finds bytes, and returns where they end. */
    private static int after(byte[] content, int... bytes) {
        return bytes.length
                + IntStream.range(0, content.length - bytes.length)
                        .filter(
                                i ->
                                        IntStream.range(0, bytes.length)
                                                .allMatch(j -> content[i + j] == (byte) bytes[j]))
                        .findFirst()
                        .orElseThrow();
    }

    private static byte[] resized(String format, byte[] content, int width, int height) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        switch (format) {
            case "png" -> {
                buffer.putInt(16, width).putInt(20, height);
                CRC32 crc = new CRC32();
                crc.update(content, 12, 17);
                buffer.putInt(29, (int) crc.getValue());
            }
            case "gif" -> {
                int size = after(content, 0x2C, 0, 0, 0, 0, SIDE, 0, SIDE, 0) - 4;
                buffer.order(ByteOrder.LITTLE_ENDIAN)
                        .putShort(size, (short) width)
                        .putShort(size + 2, (short) height);
            }
            default -> {
                int frame = after(content, 0xFF, "progressive".equals(format) ? 0xC2 : 0xC0);
                buffer.putShort(frame + 3, (short) height).putShort(frame + 5, (short) width);
            }
        }
        return content;
    }

    private static void assertTooLarge(Path file) {
        IOException e = assertThrows(IOException.class, () -> RgbImage.read(file));
        assertTrue(e.getMessage().startsWith("too large: "), e.getMessage());
    }

    /** The header says it; 900 million pixels would take 2.7 GB. */
    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif"})
    void imagesThatClaimTooManyPixels(String format) throws IOException {
        Path file = write(format, filled(BufferedImage.TYPE_INT_RGB, Color.RED));
        Files.write(file, resized(format, Files.readAllBytes(file), 30_000, 30_000));

        assertTooLarge(file);
    }

    /** 30 million pixels take a second a pass at the most, but not with a hundred passes. */
    @Test
    void progressiveImagesOfTooManyScans() throws IOException {
        byte[] content = resized("progressive", DamagedFilesTest.jpeg(true), 6000, 5000);
        int end = content.length - 2;
        byte[] many = Arrays.copyOf(content, end + 200);
        for (int i = end; i < many.length; i += 2) {
            many[i] = (byte) 0xFF;
            many[i + 1] = (byte) 0xDA;
        }

        assertTooLarge(Files.write(directory.resolve("scans.jpeg"), many));
        assertTooLarge(
                Files.write(
                        directory.resolve("large.jpeg"),
                        resized("progressive", content, 6000, 6000)));
    }

    @Test
    void ofLargeImagesEverySecondRowAndColumnIsRead() throws IOException {
        BufferedImage line = new BufferedImage(12_000_000, 2, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((DataBufferByte) line.getRaster().getDataBuffer()).getData(), (byte) 77);

        RgbImage image = RgbImage.read(write("png", line));

        assertEquals(6_000_000, image.width());
        assertEquals(1, image.height());
        assertEquals(77, new CentreCrop(256, 224).apply(image)[0]);
    }

    @Test
    void otherFormatsAreNotRead() throws IOException {
        Path file = write("bmp", filled(BufferedImage.TYPE_INT_RGB, Color.RED));

        IOException e = assertThrows(IOException.class, () -> RgbImage.read(file));

        assertEquals("an image of the format bmp, not JPEG, PNG or GIF", e.getMessage());
    }
}
