// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.deepdefense.testkit.Mirror.published;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetProvider;
import org.deepdefense.dataset.Split;
import org.deepdefense.datasets.internal.format.Tar;
import org.deepdefense.datasets.internal.image.CentreCrop;
import org.deepdefense.datasets.internal.image.RgbImage;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.testkit.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in the files, there is a clean error or right values, soon and in little memory. */
@Tag("slow")
public class DamagedFilesTest {

    private static final int MUTATIONS = 1000;
    private static final int SIDE = 28;
    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";
    private static final byte[] SOUND_IMAGES = idx(new byte[5 * SIDE * SIDE], 0x803, 5, SIDE, SIDE);
    private static final byte[] SOUND_LABELS = idx(new byte[] {7, 2, 1, 0, 4}, 0x801, 5);

    @TempDir private Path directory;

    private static byte[] idx(byte[] values, int... header) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * header.length + values.length);
        IntStream.of(header).forEach(buffer::putInt);
        return buffer.put(values).array();
    }

    private static byte[] packed(byte... content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    /** Opens a data set as the engine does: what fails in reading files is an error for users. */
    private static Dataset open(DatasetProvider provider, Path files) {
        try {
            return provider.open(Split.TEST, TestSource.directory(files));
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private static DeepDefenseException refused(IOException e) {
        return new DeepDefenseException("The file can't be read (" + e + ")", "get it anew", e);
    }

    private static MnistProvider mnist(byte[] images, byte... labels) {
        return new MnistProvider(
                TestSource.offline(Path.of("none")),
                List.of("http://localhost/"),
                Map.of(
                        Split.TEST,
                        new MnistProvider.Parts(
                                published(IMAGES + ".gz", images),
                                published(LABELS + ".gz", labels))));
    }

    private void readMnist(String images, byte[] pixels, String labels, byte... classes)
            throws IOException {
        Files.write(directory.resolve(images), pixels);
        Files.write(directory.resolve(labels), classes);
        Dataset dataset = open(mnist(pixels, classes), directory);
        for (int i = 0; i < dataset.size(); i++) {
            assertTrue(dataset.label(i) >= 0 && dataset.label(i) < 10, "label of image " + i);
        }
    }

    @Test
    void unpackedMnistImages() throws Exception {
        new Fuzz("IDX images", 1, SOUND_IMAGES)
                .run(MUTATIONS, content -> readMnist(IMAGES, content, LABELS, SOUND_LABELS));
    }

    @Test
    void unpackedMnistLabels() throws Exception {
        new Fuzz("IDX labels", 2, SOUND_LABELS)
                .run(MUTATIONS, content -> readMnist(IMAGES, SOUND_IMAGES, LABELS, content));
    }

    /** As if the sum of the damaged file were published, so that it is read at all. */
    @Test
    void packedMnistImages() throws Exception {
        byte[] labels = packed(SOUND_LABELS);
        new Fuzz("IDX images, gzip", 3, packed(SOUND_IMAGES))
                .run(
                        MUTATIONS,
                        content -> readMnist(IMAGES + ".gz", content, LABELS + ".gz", labels));
    }

    @Test
    void cifarBatches() throws Exception {
        byte[] batch = Cifar10ProviderTest.records(4, 9, 0);
        PublishedFile file = published("test_batch.bin", batch);
        var archive = new Cifar10Provider.Archive(file, Map.of(Split.TEST, List.of(file)));
        var provider =
                new Cifar10Provider(
                        TestSource.offline(Path.of("none")), List.of("http://localhost/"), archive);
        new Fuzz("CIFAR-10", 4, batch)
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(directory.resolve(file.name()), content);
                            Dataset dataset = open(provider, directory);
                            assertEquals(3, dataset.size());
                            assertEquals(9, dataset.label(1));
                        });
    }

    @Test
    void archives() throws Exception {
        byte[] tar = Cifar10ProviderTest.archive();
        byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(tar)).readAllBytes();
        new Fuzz("tar", 5, unpacked)
                .run(MUTATIONS, content -> visit(new ByteArrayInputStream(content)));
        new Fuzz("tar.gz", 6, tar)
                .run(
                        MUTATIONS,
                        content -> {
                            try (InputStream in =
                                    new GZIPInputStream(new ByteArrayInputStream(content))) {
                                visit(in);
                            } catch (IOException e) {
                                throw refused(e);
                            }
                        });
    }

    private static void visit(InputStream archive) {
        try {
            new Tar(archive)
                    .forEach(
                            (name, size, content) -> {
                                if (size < 100_000) {
                                    assertEquals(size, content.readAllBytes().length);
                                }
                            });
        } catch (IOException e) {
            throw refused(e);
        }
    }

    @Test
    void digits() throws Exception {
        byte[] lines;
        try (InputStream resource = DigitsProvider.class.getResourceAsStream("digits.csv.gz");
                InputStream in = new GZIPInputStream(resource)) {
            String text = new String(in.readNBytes(10_000), StandardCharsets.US_ASCII);
            lines = text.substring(0, text.lastIndexOf('\n')).getBytes(StandardCharsets.US_ASCII);
        }
        new Fuzz("digits.csv", 7, lines)
                .run(
                        MUTATIONS,
                        content ->
                                DigitsProvider.read(
                                        new ByteArrayInputStream(content), Split.TRAIN));
    }

    @Test
    void classesOfImageNet() throws Exception {
        Path home = Files.createDirectories(directory.resolve("imagenet"));
        Files.write(
                Files.createDirectories(home.resolve("val/n00000003")).resolve("a.jpeg"),
                new byte[1]);
        String names =
                IntStream.range(0, 1000)
                        .mapToObj(k -> String.format("n%08d class %d%n", k, k))
                        .collect(Collectors.joining());
        new Fuzz("synset_words.txt", 8, names.getBytes(StandardCharsets.UTF_8))
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(home.resolve("synset_words.txt"), content);
                            Dataset dataset = open(new ImageNetProvider(), directory);
                            assertEquals(1000, dataset.classNames().size());
                        });
    }

    @Test
    void jpeg() throws Exception {
        fuzzPictures("JPEG", 9, jpeg(false), jpeg(true));
    }

    @Test
    void png() throws Exception {
        fuzzPictures(
                "PNG",
                10,
                picture("png", BufferedImage.TYPE_INT_RGB),
                picture("png", BufferedImage.TYPE_BYTE_INDEXED),
                picture("png", BufferedImage.TYPE_USHORT_GRAY));
    }

    @Test
    void otherPictures() throws Exception {
        fuzzPictures("GIF", 11, picture("gif", BufferedImage.TYPE_BYTE_INDEXED));
    }

    private void fuzzPictures(String format, long seed, byte[]... samples) throws Exception {
        CentreCrop crop = new CentreCrop(16, 14);
        Path file = directory.resolve("image.jpeg");
        new Fuzz(format, seed, samples)
                .run(
                        MUTATIONS,
                        content -> {
                            Files.write(file, content);
                            try {
                                assertEquals(3 * 14 * 14, crop.apply(RgbImage.read(file)).length);
                            } catch (IOException e) {
                                throw refused(e);
                            }
                        });
    }

    private static BufferedImage noise(int type) {
        BufferedImage noise = new BufferedImage(40, 30, type);
        Random random = new Random(5);
        for (int i = 0; i < 40 * 30; i++) {
            noise.setRGB(i % 40, i / 40, random.nextInt());
        }
        return noise;
    }

    private static byte[] picture(String format, int type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(noise(type), format, bytes));
        return bytes.toByteArray();
    }

    public static byte[] jpeg(boolean progressive) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(
                    progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(out);
            writer.write(
                    null, new IIOImage(noise(BufferedImage.TYPE_INT_RGB), null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
