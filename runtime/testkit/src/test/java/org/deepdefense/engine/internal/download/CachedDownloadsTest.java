// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.download;

import static org.deepdefense.testkit.Messages.assertMessage;
import static org.deepdefense.testkit.Mirror.content;
import static org.deepdefense.testkit.Mirror.published;
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
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.download.Downloads;
import org.deepdefense.download.PublishedFile;
import org.deepdefense.job.Progress;
import org.deepdefense.testkit.Mirror;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CachedDownloadsTest {

    private static final byte[] CONTENT = content(300_000, 1);
    private static final PublishedFile FILE = published("numbers.bin", CONTENT);

    private static final String FOLDER = "numbers";

    @TempDir private Path cache;
    private Path folder;
    private Mirror mirror;

    @BeforeEach
    void start() throws IOException {
        folder = Files.createDirectory(cache.resolve(FOLDER));
        mirror = new Mirror().serving(FILE.name(), CONTENT);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    @Test
    void fetchesAndReportsBytes() throws IOException {
        List<Long> done = new ArrayList<>();
        Progress progress = listener((bytes, total) -> done.add(bytes));

        fetch(progress);

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

        assertMessage(
                e, FILE.toString(), mirror.address(), published("", other).sha256(), "--data");
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

            downloads().fetch(FOLDER, FILE, mirrors, Progress.NONE);

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
                        () -> downloads().fetch(FOLDER, absent, mirrors, Progress.NONE));

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

        Downloads impatient = new CachedDownloads(cache, () -> false, Duration.ofMillis(500));
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> impatient.fetch(FOLDER, FILE, mirrors(), Progress.NONE));

        assertMessage(e, "nothing came");
    }

    @Test
    void cancellationKeepsThePart() throws IOException {
        mirror.first(Mirror.stallingAfter(100_000));
        Progress progress = cancelledAfter(100_000);

        assertThrows(CancellationException.class, () -> fetch(progress));

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
        Downloads one = downloads();
        Downloads other = downloads();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> fetches = new ArrayList<>();
            for (Downloads downloads : List.of(one, one, other)) {
                fetches.add(
                        threads.submit(
                                () -> {
                                    downloads.fetch(FOLDER, FILE, mirrors(), Progress.NONE);
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
            assertThrows(CancellationException.class, () -> fetch(progress));
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
                        cache.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Fetches in a process of its own. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            new CachedDownloads(Path.of(arguments[1]), () -> false, Duration.ofSeconds(30))
                    .fetch(FOLDER, FILE, List.of(arguments[0]), Progress.NONE);
        }
    }

    @Test
    void offlineMeansNoRequest() {
        Downloads offline = new CachedDownloads(cache, () -> true, Duration.ofSeconds(20));
        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> offline.fetch(FOLDER, FILE, mirrors(), Progress.NONE));

        assertMessage(e, FILE.toString(), folder.toString(), mirror.address(), "--data DIR");
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void cacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Downloads unwritable = new CachedDownloads(file, () -> false, Duration.ofSeconds(20));

        DeepDefenseException e =
                assertThrows(
                        DeepDefenseException.class,
                        () -> unwritable.fetch(FOLDER, FILE, mirrors(), Progress.NONE));

        assertMessage(e, file.resolve(FOLDER) + " cannot be written", "--home");
    }

    @Test
    void whatIsThereIsCheckedAndNotFetchedAgain() throws IOException {
        assertEquals(folder.resolve(FILE.name()), fetch());
        assertEquals(folder.resolve(FILE.name()), fetch());
        assertEquals(1, mirror.requests().size());

        byte[] other = content(CONTENT.length, 2);
        Files.write(folder.resolve(FILE.name()), other);
        assertMessage(
                assertThrows(DeepDefenseException.class, this::fetch),
                folder.resolve(FILE.name()).toString(),
                published("", other).sha256(),
                FILE.sha256(),
                "delete it");
    }

    @Test
    void oneAtATimeChangesAFolder() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> works = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                works.add(
                        threads.submit(
                                () -> {
                                    downloads()
                                            .exclusively(
                                                    FOLDER,
                                                    Progress.NONE,
                                                    () -> {
                                                        assertEquals(1, inside.incrementAndGet());
                                                        fetch();
                                                        assertEquals(0, inside.decrementAndGet());
                                                    });
                                    return null;
                                }));
            }
            for (Future<?> work : works) {
                work.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, mirror.requests().size());
    }

    private Downloads downloads() {
        return new CachedDownloads(cache, () -> false, Duration.ofSeconds(20));
    }

    private List<String> mirrors() {
        return List.of(mirror.address());
    }

    private Path fetch() throws IOException {
        return fetch(Progress.NONE);
    }

    private Path fetch(Progress progress) throws IOException {
        return downloads().fetch(FOLDER, FILE, mirrors(), progress);
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
