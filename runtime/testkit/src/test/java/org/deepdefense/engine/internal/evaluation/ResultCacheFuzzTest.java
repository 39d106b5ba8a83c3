// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.evaluation.ResultCache.Batch;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.testkit.Fuzz;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged entries of the cache of results: what is not what was measured is never believed. */
@Tag("slow")
class ResultCacheFuzzTest {

    private static final int MUTATIONS = 1000;
    private static final int BOMB = 256 << 20;
    private static final int[] INDICES = {3, 5, 8};

    @TempDir private Path directory;
    private final Batch batch =
            new Batch(
                    1.5,
                    List.of("it is odd"),
                    IntStream.of(INDICES).mapToObj(ResultCacheFuzzTest::sample).toList());
    private ResultCache cache;
    private Path entry;

    private static SampleRecord sample(int index) {
        return new SampleRecord(
                index,
                1,
                1,
                true,
                true,
                true,
                2,
                Map.of(Norm.L0, 4.0, Norm.L1, 0.5, Norm.L2, Double.NaN, Norm.LINF, 0.1),
                0.3,
                0.2,
                20,
                10.5);
    }

    @BeforeEach
    void write() throws IOException {
        cache = new ResultCache(new Home(directory));
        cache.open("an attack on a network", new Warnings()).write(batch, INDICES);
        try (Stream<Path> files = Files.walk(new Home(directory).results())) {
            entry = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void damagedFiles() throws Exception {
        new Fuzz("cache entries", 1, Files.readAllBytes(entry)).run(MUTATIONS, this::read);
    }

    @Test
    void damagedContentsInFilesThatAreWhole() throws Exception {
        byte[] content;
        try (GZIPInputStream zip =
                new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(entry)))) {
            content = zip.readAllBytes();
        }
        new Fuzz("contents of cache entries", 2, content)
                .run(MUTATIONS, damaged -> read(compress(damaged)));
    }

    @Test
    void filesThatUnpackToALot() throws Exception {
        new Fuzz("cache bombs", 3, compress(new byte[BOMB])).run(20, this::read);
    }

    @Test
    void anEntryOfAnotherAttackIsNotBelieved() throws Exception {
        Warnings warnings = new Warnings();
        ResultCache.Results others = cache.open("another attack", warnings);
        others.write(batch, INDICES);
        Path folder;
        try (Stream<Path> folders = Files.list(new Home(directory).results())) {
            folder = folders.filter(f -> !f.equals(entry.getParent())).findFirst().orElseThrow();
        }
        Files.copy(entry, folder.resolve("copied.json.gz"));
        Files.delete(folder.resolve(entry.getFileName()));
        assertEquals(List.of(), others.read(INDICES));
        assertEquals(1, warnings.messages.size());
    }

    private static byte[] compress(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private void read(byte[] content) throws IOException {
        Files.write(entry, content);
        Warnings warnings = new Warnings();
        List<Batch> known = cache.open("an attack on a network", warnings).read(INDICES);
        if (known.isEmpty()) {
            assertEquals(1, warnings.messages.size());
            assertTrue(warnings.messages.get(0).contains("computed anew"));
            assertFalse(Files.exists(entry));
        } else {
            assertEquals(List.of(batch), known);
            assertEquals(List.of(), warnings.messages);
        }
    }

    private static final class Warnings implements JobControl {

        private final List<String> messages = new ArrayList<>();

        @Override
        public void warn(String message) {
            messages.add(message);
        }

        @Override
        public List<String> warnings() {
            return messages;
        }

        @Override
        public void update(String phase, long done, long total, String detail) {}

        @Override
        public void checkCancelled() {}
    }
}
