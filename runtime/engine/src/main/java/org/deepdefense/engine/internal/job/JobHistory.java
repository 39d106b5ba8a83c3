// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.deepdefense.report.internal.json.Json;
import org.deepdefense.training.TrainingResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of ended jobs, a file each, whose names are in the order of time. */
final class JobHistory {

    private static final Logger logger = LoggerFactory.getLogger(JobHistory.class);
    private static final String EXTENSION = ".json";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Path directory;
    private final int most;

    /**
     * Opens the history.
     *
     * @param home where it is kept
     * @param most how many records are kept
     */
    JobHistory(Home home, int most) {
        this.directory = home.jobs();
        AtomicFiles.sweep(directory);
        this.most = most;
    }

    /** What is in a file; its component names are those of the JSON. */
    private record Entry(
            String id,
            String description,
            Job.State state,
            Instant started,
            Instant ended,
            List<String> warnings,
            Optional<String> error,
            Object result) {

        boolean isComplete() {
            return Stream.of(id, description, state, started, ended, warnings, error)
                            .allMatch(Objects::nonNull)
                    && warnings.stream().allMatch(Objects::nonNull);
        }
    }

    /**
     * Adds a job that has just ended. If that fails, the job has ended all the same.
     *
     * @param job the job
     * @param result its result, or null
     * @param error why it failed, or null
     */
    void add(Job<?> job, Object result, Throwable error) {
        Instant ended = Instant.now();
        Entry entry =
                new Entry(
                        job.id(),
                        job.description(),
                        job.state(),
                        job.started(),
                        ended,
                        job.warnings(),
                        Optional.ofNullable(error).map(JobHistory::message),
                        summary(result));
        Path file = directory.resolve(TIME.format(ended) + "-" + job.id() + EXTENSION);
        try {
            AtomicFiles.write(
                    file,
                    stream -> stream.write(Json.write(entry).getBytes(StandardCharsets.UTF_8)));
            trim();
        } catch (IOException | RuntimeException e) {
            logger.warn("The record of job {} is not kept: {}", job.id(), e.getMessage(), e);
        }
    }

    private static String message(Throwable error) {
        return error instanceof DeepDefenseException ? error.getMessage() : error.toString();
    }

    private static Object summary(Object result) {
        return result instanceof EvaluationResult
                        || result instanceof TrainingResult
                        || result instanceof RobustnessTable
                ? trimmed(result)
                : null;
    }

    /** Returns what is kept of a result for as long as its job is remembered. */
    @SuppressWarnings("unchecked") // a result that is trimmed is of the same type
    static <T> T trimmed(T result) {
        return result instanceof Trimmable large ? (T) large.trimmed() : result;
    }

    /** Returns the highest number among the jobs of a kind, or 0. */
    int highest(String kind) {
        Pattern name = Pattern.compile(".*-" + Pattern.quote(kind) + "-(\\d{1,9})\\.json");
        try {
            return files().stream()
                    .map(file -> name.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            logger.debug("{} cannot be read", directory, e);
            return 0;
        }
    }

    private synchronized void trim() throws IOException {
        List<Path> files = files();
        for (Path file : files.subList(0, Math.max(0, files.size() - most))) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(EXTENSION)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Returns all records that can be read, oldest first. */
    List<JobRecord> list() {
        try {
            return files().stream().flatMap(file -> read(file).stream()).toList();
        } catch (IOException e) {
            throw new DeepDefenseException(
                    directory + " can't be read (" + e.getMessage() + ")",
                    "make it readable, or choose another home with --home or DEEPDEFENSE_HOME",
                    e);
        }
    }

    private static Optional<JobRecord> read(Path file) {
        try {
            Entry entry = Json.read(Files.readString(file), Entry.class);
            if (!entry.isComplete()) {
                throw new IllegalArgumentException("parts are missing");
            }
            return Optional.of(
                    new JobRecord(
                            entry.id(),
                            entry.description(),
                            entry.state(),
                            entry.started(),
                            entry.ended(),
                            entry.warnings(),
                            entry.error(),
                            file));
        } catch (NoSuchFileException e) {
            // Another process has made room meanwhile.
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            logger.warn("{} is no record of a job ({})", file, e.getMessage());
            return Optional.empty();
        }
    }
}
