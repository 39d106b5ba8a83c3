// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.deepdefense.testkit.Messages.assertMessage;
import static org.deepdefense.testkit.Mirror.published;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetSource;
import org.deepdefense.dataset.Split;
import org.deepdefense.download.Downloads;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.testkit.Mirror;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10ProviderTest {

    private static final String FOLDER = "cifar-10-batches-bin";
    private static final byte[] BATCH_1 = records(4, 9);
    private static final byte[] BATCH_2 = records(5);
    private static final byte[] TEST_BATCH = records(3, 8, 0);

    @TempDir private Path directory;
    private Mirror mirror;
    private Cifar10Provider.Archive archive;
    private Cifar10Provider provider;

    @BeforeEach
    void start() throws IOException {
        byte[] tar = archive();
        PublishedFile file = published("cifar-10-binary.tar.gz", tar);
        mirror = new Mirror().serving(file.name(), tar);
        archive =
                new Cifar10Provider.Archive(
                        file,
                        Map.of(
                                Split.TRAIN,
                                List.of(
                                        published("data_batch_1.bin", BATCH_1),
                                        published("data_batch_2.bin", BATCH_2)),
                                Split.TEST,
                                List.of(published("test_batch.bin", TEST_BATCH))));
        provider = provider(TestSource.downloads(directory));
    }

    private Cifar10Provider provider(Downloads downloads) {
        return new Cifar10Provider(downloads, List.of(mirror.address()), archive);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    @Test
    void readsBatchesInTheirOrder() throws IOException {
        Path folder = Files.createDirectory(directory.resolve(FOLDER));
        Files.write(folder.resolve("data_batch_1.bin"), BATCH_1);
        Files.write(folder.resolve("data_batch_2.bin"), BATCH_2);

        Dataset train = provider.open(Split.TRAIN, TestSource.directory(directory));

        assertEquals(List.of(4, 9, 5), labels(train));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray image = train.images(manager, 2);
            assertEquals(new Shape(1, 3, 32, 32), image.getShape());
            assertEquals(Byte.toUnsignedInt(BATCH_2[1]) / 255f, image.getFloat(0, 0, 0, 0));
            assertEquals(
                    Byte.toUnsignedInt(BATCH_2[1 + 2 * 1024 + 33]) / 255f,
                    image.getFloat(0, 2, 1, 1));
        }
    }

    @Test
    void findsTheFilesInAnyUsualFolder() throws IOException {
        for (String name : List.of("a/" + FOLDER, "b/cifar10/" + FOLDER, "c", "d/cifar10")) {
            Path folder = Files.createDirectories(directory.resolve(name));
            Files.write(folder.resolve("test_batch.bin"), TEST_BATCH);
            Path given = directory.resolve(name.substring(0, 1));

            assertEquals(3, provider.open(Split.TEST, TestSource.directory(given)).size());
        }
    }

    @Test
    void fetchesAndUnpacksOnce() throws IOException {
        assertEquals(List.of(4, 9, 5), labels(provider.open(Split.TRAIN, TestSource.NONE)));
        assertEquals(
                List.of(3, 8, 0),
                labels(provider(TestSource.offline(directory)).open(Split.TEST, TestSource.NONE)));

        assertEquals(List.of("cifar-10-binary.tar.gz"), mirror.requests());
        Path cache = directory.resolve("cifar10");
        assertFalse(Files.exists(cache.resolve("cifar-10-binary.tar.gz")));
        try (var files = Files.list(cache.resolve(FOLDER))) {
            assertEquals(3, files.count());
        }
        assertTrue(Files.notExists(directory.resolve("evil")));
    }

    @Test
    void unpacksAgainWhatIsIncomplete() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("cifar10").resolve(FOLDER));
        Files.write(folder.resolve("test_batch.bin"), Arrays.copyOf(TEST_BATCH, 100));
        Files.write(folder.resolve("data_batch_1.bin.part"), new byte[7]);

        Dataset test = provider.open(Split.TEST, TestSource.NONE);

        assertEquals(List.of(3, 8, 0), labels(test));
    }

    @Test
    void offlineWithoutFiles() {
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () ->
                                provider(TestSource.offline(directory))
                                        .open(Split.TEST, TestSource.NONE));

        assertMessage(e, "cifar-10-binary.tar.gz (", mirror.address(), "--data DIR");
    }

    @Test
    void directoryWithoutFiles() {
        DeepDefenseException e = assertFails(Split.TEST);

        assertMessage(e, directory.toString(), "test_batch.bin", FOLDER, mirror.address());
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void truncatedBatch() throws IOException {
        Path file = directory.resolve("test_batch.bin");
        Files.write(file, Arrays.copyOf(TEST_BATCH, 3073));

        assertMessage(
                assertFails(Split.TEST),
                file + " has 3073 bytes, expected 9219",
                published("", TEST_BATCH).sha256(),
                mirror.address());
    }

    @Test
    void anotherBatch() throws IOException {
        byte[] other = TEST_BATCH.clone();
        other[0]++;
        Files.write(directory.resolve("test_batch.bin"), other);

        assertMessage(
                assertFails(Split.TEST),
                published("", other).sha256(),
                published("", TEST_BATCH).sha256());
    }

    @Test
    void realTestBatch() throws IOException {
        DatasetSource source = TestSource.directory(Shared.directory("data/cifar10"));

        Dataset test = real().open(Split.TEST, source);

        assertEquals(10_000, test.size());
        assertEquals(
                List.of("cat", "ship", "ship", "airplane", "frog"),
                labels(test).subList(0, 5).stream().map(real().classNames()::get).toList());
    }

    @Test
    void namesTheTrainingBatchesThatAreMissing() throws IOException {
        Path folder = Files.createDirectory(directory.resolve(FOLDER));
        Files.write(folder.resolve("data_batch_1.bin"), BATCH_1);

        DeepDefenseException e = assertFails(Split.TRAIN);

        assertMessage(e, "Missing in " + folder + ": data_batch_2.bin (");
        assertFalse(e.getMessage().contains("data_batch_1.bin"), e.getMessage());
    }

    private static Cifar10Provider real() {
        return new Cifar10Provider(
                TestSource.offline(Path.of("none")),
                List.of("http://localhost/"),
                Cifar10Provider.OFFICIAL);
    }

    private DeepDefenseException assertFails(Split split) {
        return assertThrows(
                DeepDefenseException.class,
                () -> provider.open(split, TestSource.directory(directory)));
    }

    private static List<Integer> labels(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::label).toList();
    }

    static byte[] records(int... labels) {
        byte[] records = Mirror.content(labels.length * 3073, labels[0]);
        for (int i = 0; i < labels.length; i++) {
            records[i * 3073] = (byte) labels[i];
        }
        return records;
    }

    /** Packs the batches as the official archive does, with entries that are none of ours. */
    static byte[] archive() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(packed))) {
            tar.putArchiveEntry(new TarArchiveEntry(FOLDER + "/"));
            tar.closeArchiveEntry();
            add(tar, FOLDER + "/data_batch_1.bin", BATCH_1);
            add(tar, FOLDER + "/batches.meta.txt", "airplane\n".getBytes(US_ASCII));
            add(tar, "../../evil", new byte[512]);
            add(tar, FOLDER + "/test_batch.bin", TEST_BATCH);
            add(tar, FOLDER + "/data_batch_2.bin", BATCH_2);
        }
        return packed.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
