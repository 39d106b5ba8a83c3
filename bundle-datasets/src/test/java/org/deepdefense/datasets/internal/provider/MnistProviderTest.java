// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.deepdefense.testkit.Messages.assertMessage;
import static org.deepdefense.testkit.Mirror.published;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.download.Downloads;
import org.deepdefense.testkit.Mirror;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistProviderTest {

    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";
    private static final byte[] PIXELS = Mirror.content(3 * 784, 3);
    private static final byte[] IMAGE_FILE = idx(PIXELS, 0x803, 3, 28, 28);
    private static final byte[] LABEL_FILE = idx(new byte[] {7, 2, 1}, 0x801, 3);

    @TempDir private Path directory;
    private Mirror mirror;
    private Map<Split, MnistProvider.Parts> files;
    private MnistProvider provider;

    @BeforeEach
    void start() throws IOException {
        byte[] images = packed(IMAGE_FILE);
        byte[] labels = packed(LABEL_FILE);
        mirror = new Mirror().serving(IMAGES + ".gz", images).serving(LABELS + ".gz", labels);
        MnistProvider.Parts parts =
                new MnistProvider.Parts(
                        published(IMAGES + ".gz", images), published(LABELS + ".gz", labels));
        files = Map.of(Split.TEST, parts);
        provider = provider(TestSource.downloads(directory));
    }

    private MnistProvider provider(Downloads downloads) {
        return new MnistProvider(downloads, List.of(mirror.address()), files);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    @Test
    void readsUnpackedFiles() throws IOException {
        write(directory, IMAGES, IMAGE_FILE);
        write(directory, LABELS, LABEL_FILE);

        assertSmall(open());
    }

    @Test
    void readsFilesThatWereUnpackedWithADot() throws IOException {
        write(directory, "t10k-images.idx3-ubyte", IMAGE_FILE);
        write(directory, "t10k-labels.idx1-ubyte", LABEL_FILE);

        assertSmall(open());
    }

    @Test
    void readsPackedFilesInTheFolderOfTheDataSet() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("mnist"));
        write(folder, IMAGES + ".gz", packed(IMAGE_FILE));
        write(folder, LABELS + ".gz", packed(LABEL_FILE));

        assertSmall(open());
    }

    @Test
    void fetchesWhatTheCacheLacks() throws IOException {
        Path cache = directory.resolve("new/cache");

        assertSmall(provider(TestSource.downloads(cache)).open(Split.TEST, TestSource.NONE));
        assertSmall(provider(TestSource.offline(cache)).open(Split.TEST, TestSource.NONE));

        assertEquals(List.of(IMAGES + ".gz", LABELS + ".gz"), mirror.requests());
    }

    @Test
    void fetchesATruncatedFileOfTheCacheAgain() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("mnist"));
        write(folder, IMAGES + ".gz", Arrays.copyOf(packed(IMAGE_FILE), 100));

        assertSmall(provider.open(Split.TEST, TestSource.NONE));
    }

    @Test
    void changedFileInTheCacheIsAnError() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("mnist"));
        byte[] changed = packed(IMAGE_FILE);
        changed[100]++;
        write(folder, IMAGES + ".gz", changed);

        assertMessage(
                assertThrows(
                        DeepDefenseException.class,
                        () -> provider.open(Split.TEST, TestSource.NONE)),
                folder.resolve(IMAGES + ".gz").toString(),
                published("", changed).sha256(),
                published("", packed(IMAGE_FILE)).sha256(),
                "delete it");
    }

    @Test
    void nothingIsFetchedIfADirectoryIsGiven() {
        assertFails(
                "data directory " + directory,
                IMAGES + ".gz",
                directory.resolve("mnist").toString(),
                mirror.address(),
                "--data");
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void missingDirectory() {
        Path none = directory.resolve("none");

        assertMessage(
                assertThrows(
                        DeepDefenseException.class,
                        () -> provider.open(Split.TEST, TestSource.directory(none))),
                none + " does not exist",
                "--data");
    }

    @Test
    void directoryThatIsAFile() throws IOException {
        Path file = write(directory, "file", new byte[0]);

        assertMessage(
                assertThrows(
                        DeepDefenseException.class,
                        () -> provider.open(Split.TEST, TestSource.directory(file))),
                file + " is not a directory");
    }

    @Test
    void fileThatIsADirectory() throws IOException {
        Files.createDirectory(directory.resolve(IMAGES));

        assertFails(directory.resolve(IMAGES) + " is not a file that can be read");
    }

    @Test
    void missingLabels() throws IOException {
        write(directory, IMAGES, IMAGE_FILE);

        assertFails(
                LABELS + ".gz (" + packed(LABEL_FILE).length + " bytes, SHA-256 ",
                "is missing in " + directory,
                mirror.address());
    }

    @Test
    void truncatedPackedFile() throws IOException {
        byte[] packed = packed(IMAGE_FILE);
        write(directory, IMAGES + ".gz", Arrays.copyOf(packed, 100));
        write(directory, LABELS, LABEL_FILE);

        assertFails(
                directory.resolve(IMAGES + ".gz") + " has 100 bytes, expected " + packed.length,
                published("", packed).sha256(),
                mirror.address());
    }

    @Test
    void anotherPackedFile() throws IOException {
        byte[] changed = packed(IMAGE_FILE);
        changed[100]++;
        write(directory, IMAGES + ".gz", changed);

        assertFails(published("", changed).sha256(), published("", packed(IMAGE_FILE)).sha256());
    }

    @Test
    void truncatedUnpackedFile() throws IOException {
        write(directory, IMAGES, Arrays.copyOf(IMAGE_FILE, IMAGE_FILE.length - 1));
        write(directory, LABELS, LABEL_FILE);

        assertFails(directory.resolve(IMAGES) + " ends after 2351 of 2352 values");
    }

    @Test
    void truncatedHeader() throws IOException {
        write(directory, IMAGES, Arrays.copyOf(IMAGE_FILE, 10));

        assertFails(directory.resolve(IMAGES) + " ends within its header");
    }

    @Test
    void tooLongFile() throws IOException {
        write(directory, IMAGES, Arrays.copyOf(IMAGE_FILE, IMAGE_FILE.length + 1));

        assertFails("goes on after the 2352 values");
    }

    @Test
    void labelsInPlaceOfImages() throws IOException {
        write(directory, IMAGES, LABEL_FILE);

        assertFails(directory.resolve(IMAGES) + " begins with 0x00000801, expected 0x00000803");
    }

    @Test
    void imagesOfAnotherSize() throws IOException {
        write(directory, IMAGES, idx(new byte[2 * 32 * 32], 0x803, 2, 32, 32));

        assertFails("has items of size 32, expected 28");
    }

    @Test
    void headersThatLieCostNoMemory() throws IOException {
        write(directory, IMAGES, idx(new byte[0], 0x803, -1, 28, 28));

        assertFails("says that it has 4294967295 items, expected 1 to 318877");
        write(directory, IMAGES, idx(new byte[0], 0x803, Integer.MAX_VALUE, 28, 28));
        assertFails("says that it has 2147483647 items");
    }

    @Test
    void moreImagesThanLabels() throws IOException {
        write(directory, IMAGES, IMAGE_FILE);
        write(directory, LABELS, idx(new byte[] {7, 2}, 0x801, 2));

        assertFails("3 images", "2 labels", IMAGES, LABELS);
    }

    @Test
    void labelThatIsNoDigit() throws IOException {
        write(directory, IMAGES, IMAGE_FILE);
        write(directory, LABELS, idx(new byte[] {7, 2, (byte) 200}, 0x801, 3));

        assertFails("label 200 for image 2", LABELS);
    }

    @Test
    void realFiles() throws IOException {
        DatasetSource source = TestSource.directory(Shared.directory("data/mnist"));
        MnistProvider real = real();

        Dataset train = real.open(Split.TRAIN, source);
        Dataset test = real.open(Split.TEST, source);

        assertEquals(60_000, train.size());
        assertEquals(List.of(5, 0, 4), List.of(train.label(0), train.label(1), train.label(2)));
        assertEquals(10_000, test.size());
        assertEquals(List.of(7, 2, 1), List.of(test.label(0), test.label(1), test.label(2)));
        try (NDManager manager = NDManager.newBaseManager()) {
            // The published mean of the training images is 0.1307.
            int[] sample = IntStream.range(0, 60_000).toArray();
            assertEquals(0.1307, train.images(manager, sample).mean().getFloat(), 0.0001);
        }
    }

    @Test
    void realFilesBelowTheDirectory() throws IOException {
        DatasetSource source = TestSource.directory(Shared.directory("data"));

        assertEquals(10_000, real().open(Split.TEST, source).size());
    }

    private static MnistProvider real() {
        return new MnistProvider(
                TestSource.offline(Path.of("none")),
                List.of("http://localhost/"),
                MnistProvider.FILES);
    }

    private Dataset open() throws IOException {
        return provider.open(Split.TEST, TestSource.directory(directory));
    }

    private void assertFails(String... parts) {
        assertMessage(assertThrows(DeepDefenseException.class, this::open), parts);
    }

    private static void assertSmall(Dataset dataset) {
        assertEquals(3, dataset.size());
        assertEquals(7, dataset.label(0));
        assertEquals(1, dataset.label(2));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = dataset.images(manager, 2);
            assertEquals(new Shape(1, 1, 28, 28), images.getShape());
            assertEquals(Byte.toUnsignedInt(PIXELS[2 * 784 + 5]) / 255f, images.toFloatArray()[5]);
        }
    }

    private static byte[] idx(byte[] values, int... header) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * header.length + values.length);
        Arrays.stream(header).forEach(buffer::putInt);
        return buffer.put(values).array();
    }

    private static byte[] packed(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private static Path write(Path folder, String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
