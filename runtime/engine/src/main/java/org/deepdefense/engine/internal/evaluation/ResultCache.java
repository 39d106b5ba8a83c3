// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.Checksums;
import org.deepdefense.report.internal.json.Json;
import org.deepdefense.work.TaskOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what came of batches in the home: a directory for each attack on a network, and in it a
 * compressed file for each batch: a checksum, which covers the directory's name as well, and JSON.
 * Whatever is wrong with a file, the batch is computed anew.
 */
@Component(service = ResultCache.class)
public final class ResultCache {

    private static final Logger logger = LoggerFactory.getLogger(ResultCache.class);

    /** How many bytes are kept at most. */
    private static final long LARGEST = 512L << 20;

    private static final String SUFFIX = ".json.gz";

    /** A damaged file may unpack to anything. What is as large as this is not kept. */
    private static final int LARGEST_ENTRY = 16 << 20;

    private static final int CHECKSUM = 64;

    private final Path directory;

    /**
     * Creates a cache.
     *
     * @param home where results are kept
     */
    @Activate
    public ResultCache(@Reference Home home) {
        this.directory = home.results();
        AtomicFiles.sweep(directory);
    }

    /**
     * What came of a batch.
     *
     * @param seconds how long it took
     * @param warnings what the attack warned about
     * @param images how the images fared
     */
    record Batch(double seconds, List<String> warnings, List<SampleRecord> images)
            implements TaskOutcome {

        /** Returns an outcome, wherever it comes from, as it is kept. */
        static Batch of(TaskOutcome outcome) {
            return outcome instanceof Batch batch
                    ? batch
                    : new Batch(
                            outcome.seconds(),
                            List.copyOf(outcome.warnings()),
                            outcome.images().stream().map(SampleRecord::of).toList());
        }

        /** Returns the batch with its share of the time in which several were worked on. */
        Batch sharedBy(int workers) {
            return new Batch(seconds / workers, warnings, images);
        }

        /** Returns the part of the batch that is of these images, with its share of the time. */
        private Batch part(Set<Integer> wanted) {
            List<SampleRecord> some =
                    images.stream().filter(image -> wanted.contains(image.index())).toList();
            return new Batch(seconds * some.size() / images.size(), warnings, some);
        }

        private boolean isWhole() {
            return warnings != null
                    && images != null
                    && !images.isEmpty()
                    && images.stream().noneMatch(Objects::isNull);
        }
    }

    /**
     * Opens the results of one attack.
     *
     * @param key all that they depend on
     * @param control takes warnings
     * @return its results
     */
    Results open(String key, JobControl control) {
        return new Results(directory, Checksums.of(key), control);
    }

    /** The results of one attack on one network. May be used by several threads at once. */
    static final class Results {

        private final Path drafts;
        private final Path folder;
        private final JobControl control;
        private final AtomicBoolean writable = new AtomicBoolean(true);

        private Results(Path directory, String name, JobControl control) {
            this.drafts = directory;
            this.folder = directory.resolve(name);
            this.control = control;
        }

        private Path file(int... indices) {
            return folder.resolve(Checksums.of(Arrays.toString(indices)) + SUFFIX);
        }

        /**
         * Returns what is known of images, whatever batches they were attacked in: what comes of an
         * image does not depend on these.
         *
         * @param images which images of the data set
         * @return no image twice
         */
        List<Batch> read(int... images) {
            Set<Integer> wanted = Arrays.stream(images).boxed().collect(Collectors.toSet());
            List<Batch> known = new ArrayList<>();
            for (Path file : files()) {
                Batch part = read(file).part(wanted);
                if (!part.images().isEmpty()) {
                    part.images().forEach(image -> wanted.remove(image.index()));
                    known.add(part);
                }
            }
            if (!known.isEmpty()) {
                touch();
            }
            return known;
        }

        /** Always in the same order, so that a warning is about the same file. */
        private List<Path> files() {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
            } catch (NoSuchFileException e) {
                return List.of();
            } catch (IOException e) {
                control.warn("Cached results can't be read (" + e.getMessage() + ")");
                return List.of();
            }
        }

        private Batch read(Path file) {
            Batch nothing = new Batch(0, List.of(), List.of());
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                byte[] content = in.readNBytes(LARGEST_ENTRY);
                if (content.length == LARGEST_ENTRY) {
                    throw new IOException("it is too large");
                }
                String text = new String(content, StandardCharsets.UTF_8);
                String json = text.substring(Math.min(CHECKSUM, text.length()));
                if (!text.equals(signed(json))) {
                    throw new IOException("it has another checksum than recorded");
                }
                Batch batch = Json.read(json, Batch.class);
                if (batch.isWhole()) {
                    return batch;
                }
                discard(file, "");
            } catch (NoSuchFileException e) {
                // Another process has made room meanwhile.
                return nothing;
            } catch (IOException | IllegalArgumentException e) {
                discard(file, " (" + e.getMessage() + ")");
            }
            return nothing;
        }

        private String signed(String json) {
            return Checksums.of(folder.getFileName() + json) + json;
        }

        private void discard(Path file, String reason) {
            control.warn("A cached result was damaged and is computed anew: " + file + reason);
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                logger.debug("{} stays where it is", file, e);
            }
        }

        /** So that what is used is not the oldest. In a home that can't be written it stays. */
        private void touch() {
            try {
                Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
            } catch (IOException e) {
                logger.debug("{} stays as old as it is", folder, e);
            }
        }

        /** Keeps what came of a batch. Results that can't be kept are results all the same. */
        void write(Batch batch, int... indices) {
            if (!writable.get()) {
                return;
            }
            byte[] content = signed(Json.write(batch)).getBytes(StandardCharsets.UTF_8);
            if (content.length >= LARGEST_ENTRY) {
                return;
            }
            try {
                AtomicFiles.write(file(indices), drafts, out -> compress(content, out));
            } catch (DeepDefenseException e) {
                if (writable.getAndSet(false)) {
                    control.warn("Results are not cached: " + e.getMessage());
                }
            }
        }

        private static void compress(byte[] content, OutputStream out) throws IOException {
            GZIPOutputStream zip = new GZIPOutputStream(out);
            zip.write(content);
            zip.finish();
        }
    }

    private record Folder(Path path, Instant used, long size) {}

    /** Deletes the results that were not used for the longest time if there are too many. */
    void trim() {
        trim(LARGEST);
    }

    /** Deletes results until the rest is of at most this size in bytes. */
    void trim(long largest) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<Folder> folders = new ArrayList<>();
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                folders.add(
                        new Folder(
                                entry, Files.getLastModifiedTime(entry).toInstant(), size(entry)));
            }
            folders.sort(Comparator.comparing(Folder::used));
            long total = folders.stream().mapToLong(Folder::size).sum();
            for (Folder folder : folders) {
                if (total <= largest) {
                    break;
                }
                AtomicFiles.deleteTree(folder.path());
                total -= folder.size();
            }
        } catch (IOException | UncheckedIOException e) {
            // Another process is at work here, or nothing may be deleted: the next one will try.
            logger.warn("Old results in {} were not deleted", directory, e);
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(ResultCache::length).sum();
        }
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
