// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloaderTest {

    private static final byte[] CONTENT = content(300_000, 1);
    private static final PublishedFile FILE = published("numbers.bin", CONTENT);

    @TempDir private Path folder;
    private Mirror mirror;

    @BeforeEach
    void start() throws IOException {
        mirror = new Mirror().serving(FILE.name(), CONTENT);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    static byte[] content(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    static PublishedFile published(String name, byte[] content) {
        String md5 = HexFormat.of().formatHex(Digests.md5().digest(content));
        return new PublishedFile(name, content.length, md5);
    }

    @Test
    void fetchesAndReportsBytes() throws IOException {
        List<Long> done = new ArrayList<>();
        Progress progress = listener((bytes, total) -> done.add(bytes));

        downloader().fetch(FILE, folder, TestSource.cache(folder).reportingTo(progress));

        assertFetched();
        assertEquals(List.of("numbers.bin"), mirror.requests());
        assertEquals(0, done.get(0));
        assertEquals(CONTENT.length, done.get(done.size() - 1));
    }

    @Test
    void goesOnWhereTheConnectionBroke() throws IOException {
        mirror.first(Mirror.breakingOffAfter(200_000));

        fetch();

        assertFetched();
        assertEquals(List.of("numbers.bin", "numbers.bin bytes=200000-"), mirror.requests());
    }

    @Test
    void goesOnWithThePartOfAnEarlierRun() throws IOException {
        Files.write(part(), Arrays.copyOf(CONTENT, 123));

        fetch();

        assertFetched();
        assertEquals(List.of("numbers.bin bytes=123-"), mirror.requests());
    }

    @Test
    void startsAgainIfTheMirrorKnowsNoRanges() throws IOException {
        Files.write(part(), Arrays.copyOf(CONTENT, 123));
        mirror.first(Mirror::withoutRanges);

        fetch();

        assertFetched();
    }

    @Test
    void startsAgainIfThePartWasWrong() throws IOException {
        Files.write(part(), content(123, 2));

        fetch();

        assertFetched();
        assertEquals(List.of("numbers.bin bytes=123-", "numbers.bin"), mirror.requests());
    }

    @Test
    void startsAgainIfThePartIsTooLong() throws IOException {
        Files.write(part(), content(CONTENT.length + 1, 2));

        fetch();

        assertFetched();
    }

    @Test
    void completePartNeedsNoRequest() throws IOException {
        Files.write(part(), CONTENT);

        fetch();

        assertFetched();
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void refusesAFileWithAnotherChecksum() {
        byte[] other = content(CONTENT.length, 2);
        mirror.serving(FILE.name(), other);

        DeepDefenseException e = assertThrows(DeepDefenseException.class, this::fetch);

        assertMessage(e, FILE.toString(), mirror.address(), published("", other).md5(), "--data");
        assertEquals(List.of("numbers.bin.lock"), names());
    }

    @Test
    void refusesAFileOfAnotherLength() {
        mirror.serving(FILE.name(), content(500, 2));

        DeepDefenseException e = assertThrows(DeepDefenseException.class, this::fetch);

        assertMessage(e, "offers another file: 500 bytes, expected 300000");
        assertEquals(List.of("numbers.bin.lock"), names());
    }

    @Test
    void truncatedFileIsNeverTakenForData() {
        mirror.first(Mirror.breakingOffAfter(1000), Mirror.breakingOffAfter(1000));

        DeepDefenseException e = assertThrows(DeepDefenseException.class, this::fetch);

        assertMessage(e, mirror.address(), "--data");
        assertEquals(List.of("numbers.bin.lock", "numbers.bin.part"), names());
    }

    @Test
    void triesTheNextMirror() throws IOException {
        try (Mirror bad = new Mirror()) {
            bad.serving(FILE.name(), content(CONTENT.length, 2));
            List<String> mirrors =
                    List.of(
                            "no address",
                            bad.address() + "/none/",
                            bad.address(),
                            mirror.address());

            downloader(mirrors).fetch(FILE, folder, TestSource.cache(folder));

            assertFetched();
            assertEquals(2, bad.requests().size());
        }
    }

    @Test
    void namesAllMirrorsThatFailed() throws IOException {
        List<String> mirrors =
                List.of(
                        "http://localhost:" + closedPort() + "/",
                        "http://host.invalid/x",
                        "no address",
                        mirror.address());
        PublishedFile absent = published("absent.bin", new byte[1]);

        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> downloader(mirrors).fetch(absent, folder, TestSource.cache(folder)));

        assertMessage(
                e,
                "absent.bin (1 bytes",
                mirrors.get(0) + " (no connection)",
                "http://host.invalid/x (unknown host)",
                "no address (",
                mirror.address() + " (HTTP 404)",
                "--data");
    }

    @Test
    void givesUpAMirrorThatStalls() {
        mirror.first(Mirror.stallingAfter(0), Mirror.stallingAfter(0));

        Downloader impatient =
                new Downloader(List.of(mirror.address()), new CacheLock(), Duration.ofMillis(500));
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> impatient.fetch(FILE, folder, TestSource.cache(folder)));

        assertMessage(e, "nothing came");
    }

    @Test
    void cancellationKeepsThePart() throws IOException {
        mirror.first(Mirror.stallingAfter(100_000));
        Progress progress = cancelledAfter(100_000);

        assertThrows(
                CancellationException.class,
                () ->
                        downloader()
                                .fetch(
                                        FILE,
                                        folder,
                                        TestSource.cache(folder).reportingTo(progress)));

        assertEquals(List.of("numbers.bin.lock", "numbers.bin.part"), names());
        fetch();
        assertFetched();
        assertEquals(List.of("numbers.bin", "numbers.bin bytes=100000-"), mirror.requests());
    }

    @Test
    void interruptIsACancellation() {
        Thread.currentThread().interrupt();

        assertThrows(CancellationException.class, this::fetch);

        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(folder.resolve(FILE.name())));
    }

    @Test
    void twoThreadsFetchOnce() throws Exception {
        Downloader one = downloader();
        Downloader other = downloader();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> fetches = new ArrayList<>();
            for (Downloader downloader : List.of(one, one, other)) {
                fetches.add(
                        threads.submit(
                                () -> {
                                    downloader.fetch(FILE, folder, TestSource.cache(folder));
                                    return null;
                                }));
            }
            for (Future<?> fetch : fetches) {
                fetch.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertFetched();
        assertEquals(1, mirror.requests().size());
    }

    @Test
    void waitsForAnotherProcessAndMayBeCancelledMeanwhile() throws Exception {
        mirror.first(Mirror.stallingAfter(100_000));
        Process other = otherProcess();
        try {
            while (!Files.exists(part()) || Files.size(part()) < 100_000) {
                assertTrue(other.isAlive(), "the other process holds the lock");
                Thread.sleep(20);
            }
            List<String> phases = new ArrayList<>();
            Progress progress =
                    new Progress() {
                        @Override
                        public void update(String phase, long done, long total, String detail) {
                            phases.add(phase);
                        }

                        @Override
                        public void checkCancelled() {
                            if (!phases.isEmpty()) {
                                throw new CancellationException("enough");
                            }
                        }
                    };
            assertThrows(
                    CancellationException.class,
                    () ->
                            downloader()
                                    .fetch(
                                            FILE,
                                            folder,
                                            TestSource.cache(folder).reportingTo(progress)));
            assertEquals(List.of("waiting for another download"), phases);
        } finally {
            other.destroyForcibly().waitFor();
        }

        fetch();

        assertFetched();
        assertEquals(List.of("numbers.bin", "numbers.bin bytes=100000-"), mirror.requests());
    }

    private Process otherProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        mirror.address(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Fetches in a process of its own. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            Path cache = Path.of(arguments[1]);
            new Downloader(List.of(arguments[0]), new CacheLock(), Duration.ofSeconds(30))
                    .fetch(FILE, cache, TestSource.cache(cache));
        }
    }

    @Test
    void offlineMeansNoRequest() {
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> downloader().fetch(FILE, folder, TestSource.cache(folder).offline()));

        assertMessage(e, FILE.toString(), folder.toString(), mirror.address(), "--data DIR");
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void cacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path cache = file.resolve("cache");

        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> downloader().fetch(FILE, cache, TestSource.cache(cache)));

        assertMessage(e, cache + " cannot be written", "--home");
    }

    @Test
    void needsAMirror() {
        assertThrows(DeepDefenseException.class, () -> downloader(List.of()));
    }

    private Downloader downloader() {
        return downloader(List.of(mirror.address()));
    }

    private static Downloader downloader(List<String> mirrors) {
        return new Downloader(mirrors, new CacheLock(), Duration.ofSeconds(20));
    }

    private void fetch() throws IOException {
        downloader().fetch(FILE, folder, TestSource.cache(folder));
    }

    private Path part() {
        return folder.resolve(FILE.name() + ".part");
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve(FILE.name())));
        assertEquals(List.of("numbers.bin", "numbers.bin.lock"), names());
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static void assertMessage(Throwable failure, String... parts) {
        for (String part : parts) {
            assertTrue(
                    failure.getMessage().contains(part),
                    () -> "\"" + part + "\" in: " + failure.getMessage());
        }
        assertFalse(failure.getMessage().contains("\n"));
    }

    private interface Bytes {
        void received(long done, long total);
    }

    private static Progress listener(Bytes bytes) {
        return new Progress() {
            @Override
            public void update(String phase, long done, long total, String detail) {
                bytes.received(done, total);
            }

            @Override
            public void checkCancelled() {}
        };
    }

    private static Progress cancelledAfter(long bytes) {
        return new Progress() {
            private long received;

            @Override
            public void update(String phase, long done, long total, String detail) {
                received = done;
            }

            @Override
            public void checkCancelled() {
                if (received >= bytes) {
                    throw new CancellationException("enough");
                }
            }
        };
    }
}
