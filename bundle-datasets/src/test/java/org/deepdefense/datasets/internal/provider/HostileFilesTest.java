// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.deepdefense.testkit.Messages.assertMessage;
import static org.deepdefense.testkit.Mirror.published;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.Split;
import org.deepdefense.testkit.Mirror;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not the file that it should be is an error, and nobody waits for it. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFilesTest {

    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String ARCHIVE = "cifar-10-binary.tar.gz";

    @TempDir private Path directory;
    private byte[] archive;
    private Mirror mirror;
    private Cifar10Provider cifar;

    /** What may be in the place of a file. */
    enum Kind {
        DIRECTORY("a directory") {
            @Override
            void make(Path place) throws IOException {
                Files.createDirectory(place);
            }
        },
        PIPE("a pipe, a socket or a device") {
            @Override
            void make(Path place) throws IOException, InterruptedException {
                assumeTrue(Files.exists(Path.of("/usr/bin/mkfifo")), "there is no mkfifo");
                assertEquals(0, new ProcessBuilder("mkfifo", place.toString()).start().waitFor());
            }
        },
        DEVICE("a pipe, a socket or a device") {
            @Override
            void make(Path place) throws IOException {
                assumeTrue(Files.exists(Path.of("/dev/zero")), "there is no /dev/zero");
                Files.createSymbolicLink(place, Path.of("/dev/zero"));
            }
        },
        DANGLING_LINK("a link that leads nowhere") {
            @Override
            void make(Path place) throws IOException {
                Files.createSymbolicLink(place, place.resolveSibling("nowhere"));
            }
        },
        HUGE("bytes") {
            @Override
            void make(Path place) throws IOException {
                try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
                    file.setLength(1L << 36);
                }
            }
        };

        private final String name;

        Kind(String name) {
            this.name = name;
        }

        abstract void make(Path place) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        archive = Cifar10ProviderTest.archive();
        mirror = new Mirror().serving(ARCHIVE, archive);
        cifar =
                new Cifar10Provider(
                        TestSource.downloads(directory),
                        List.of(mirror.address()),
                        new Cifar10Provider.Archive(
                                published(ARCHIVE, archive),
                                Map.of(
                                        Split.TEST,
                                        List.of(
                                                published(
                                                        "test_batch.bin",
                                                        Cifar10ProviderTest.records(3, 8, 0))))));
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    private static void assertRefused(Executable reading, Kind kind, Path file) {
        assertMessage(
                assertThrows(DeepDefenseException.class, reading), file.toString(), kind.name);
    }

    @ParameterizedTest
    @EnumSource
    void packedMnist(Kind kind) throws Exception {
        Path file = directory.resolve(IMAGES + ".gz");
        kind.make(file);
        MnistProvider mnist =
                new MnistProvider(
                        TestSource.downloads(directory),
                        List.of(mirror.address()),
                        MnistProvider.FILES);

        assertRefused(() -> mnist.open(Split.TEST, TestSource.directory(directory)), kind, file);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HUGE")
    void unpackedMnist(Kind kind) throws Exception {
        Path file = directory.resolve(IMAGES);
        kind.make(file);
        MnistProvider mnist =
                new MnistProvider(
                        TestSource.downloads(directory),
                        List.of(mirror.address()),
                        MnistProvider.FILES);

        assertRefused(() -> mnist.open(Split.TEST, TestSource.directory(directory)), kind, file);
    }

    @ParameterizedTest
    @EnumSource
    void cifar(Kind kind) throws Exception {
        Path file = directory.resolve("test_batch.bin");
        kind.make(file);

        assertRefused(() -> cifar.open(Split.TEST, TestSource.directory(directory)), kind, file);
    }

    @ParameterizedTest
    @EnumSource
    void namesOfImageNet(Kind kind) throws Exception {
        Files.createDirectories(directory.resolve("imagenet/val"));
        Path file = directory.resolve("imagenet/synset_words.txt");
        kind.make(file);

        assertRefused(
                () -> new ImageNetProvider().open(Split.TEST, TestSource.directory(directory)),
                kind,
                file);
    }

    @ParameterizedTest
    @EnumSource
    void imageOfImageNet(Kind kind) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("imagenet/val/n00000003"));
        Files.write(
                directory.resolve("imagenet/synset_words.txt"),
                IntStream.range(0, 1000).mapToObj(k -> String.format("n%08d x", k)).toList());
        Path file = folder.resolve("a.jpeg");
        kind.make(file);
        Dataset dataset = new ImageNetProvider().open(Split.TEST, TestSource.directory(directory));

        try (NDManager manager = NDManager.newBaseManager()) {
            assertRefused(() -> dataset.images(manager, 0), kind, file);
        }
        assertRefused(dataset::checksum, kind, file);
    }

    /** Nothing of the user's is deleted or written through for a place in the cache. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HUGE")
    void lockOfTheCache(Kind kind) throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cifar10"));
        Path lock = cache.resolve("cifar10.lock");
        kind.make(lock);

        assertRefused(() -> cifar.open(Split.TEST, TestSource.NONE), kind, lock);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HUGE")
    void partInTheCache(Kind kind) throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cifar10"));
        Path part = cache.resolve(ARCHIVE + ".part");
        kind.make(part);

        assertRefused(() -> cifar.open(Split.TEST, TestSource.NONE), kind, part);
    }

    /** A part that is longer than the whole is thrown away unread. */
    @Test
    void partThatIsTooLong() throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cifar10"));
        Kind.HUGE.make(cache.resolve(ARCHIVE + ".part"));

        assertEquals(3, cifar.open(Split.TEST, TestSource.NONE).size());
    }

    /** An archive of the right size that somebody else put into the cache is not unpacked. */
    @Test
    void archiveOfTheRightSize() throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cifar10"));
        byte[] other = archive.clone();
        Arrays.fill(other, 20, 200, (byte) 1);
        Files.write(cache.resolve(ARCHIVE), other);

        assertEquals(3, cifar.open(Split.TEST, TestSource.NONE).size());
        assertEquals(List.of(ARCHIVE), mirror.requests());
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "DANGLING_LINK"})
    void archiveInTheCache(Kind kind) throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cifar10"));
        kind.make(cache.resolve(ARCHIVE));

        assertEquals(3, cifar.open(Split.TEST, TestSource.NONE).size());
        assertTrue(Files.notExists(cache.resolve("nowhere")));
    }
}
