// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.work.Task;
import org.deepdefense.work.Workers;

/**
 * Splits the images of a data set into batches, takes what is known of them from the cache, and has
 * workers do the others.
 */
final class Measurement {

    /** How many images tell what is odd about a network. */
    private static final int CHECKED = 100;

    private final JobControl control;
    private final Workers workers;
    private final OptionalInt batchSize;
    private final Terms terms;
    private final Optional<ResultCache> cache;
    private final ResultKeys keys;

    /**
     * Describes how to measure.
     *
     * @param control progress, cancellation and warnings of the job
     * @param workers do the work
     * @param batchSize how many images are attacked together, or as many as suits them
     * @param terms on what terms attacks are run
     * @param cache keeps results, if they are to be kept
     * @param keys names results
     */
    Measurement(
            JobControl control,
            Workers workers,
            OptionalInt batchSize,
            Terms terms,
            Optional<ResultCache> cache,
            ResultKeys keys) {
        this.control = control;
        this.workers = workers;
        this.batchSize = batchSize;
        this.terms = terms;
        this.cache = cache;
        this.keys = keys;
    }

    /** Returns how many images of a data set are attacked together if all of them are. */
    int batchSize(OpenDataset dataset) {
        return batchSize(dataset, dataset.size());
    }

    private int batchSize(OpenDataset dataset, int images) {
        return batchSize.orElse(BatchSize.of(dataset.imageShape(), images, workers.parallelism()));
    }

    /** Looks at a network for what makes the numbers of any attack doubtful. */
    void examine(Subject subject) {
        int images = Math.min(CHECKED, BatchSize.most(subject.dataset().imageShape()));
        NetworkCheck.check(subject, images, control);
    }

    /** Returns the work of an attack. */
    BatchWork attack(Subject subject, AttackUse attack) {
        return new BatchAttack(subject, attack, terms, keys, control::warn);
    }

    /** Returns the work of classifying images as they are. */
    BatchWork clean(Subject subject) {
        return new CleanBatch(subject, keys);
    }

    /**
     * Measures the images whose results are not known yet.
     *
     * @param phase what the progress calls it
     * @param work what is found out about them
     * @param images the images of the data set, ascending
     * @return what came of it, for these images alone
     * @throws CancellationException if the job was cancelled
     */
    Outcomes measure(String phase, BatchWork work, int... images) {
        Outcomes outcomes = new Outcomes(work.dataset().size());
        Optional<ResultCache.Results> results =
                cache.flatMap(store -> work.key().map(key -> store.open(key, control)));
        results.ifPresent(known -> recall(known, outcomes, images));
        int[] unknown = outcomes.missing(images);
        List<int[]> missing = batches(batchSize(work.dataset(), unknown.length), unknown);
        Task whole = work.task(unknown);
        List<Task> tasks =
                missing.stream()
                        .map(indices -> whole.part(Arrays.stream(indices).boxed().toList()))
                        .toList();
        // Batches of several workers overlap: the shares of the time add up to it.
        int sharing = Math.max(1, Math.min(workers.parallelism(), tasks.size()));
        // Only now, so that the time that is left is judged by the batches that take time.
        control.update(phase, outcomes.finished(), images.length, detail(outcomes));
        workers.run(
                tasks,
                work,
                control::checkCancelled,
                (task, outcome) -> {
                    ResultCache.Batch batch = ResultCache.Batch.of(outcome).sharedBy(sharing);
                    batch.warnings().forEach(control::warn);
                    results.ifPresent(r -> r.write(batch, BatchWork.images(task)));
                    // Together, so that the progress of two workers never goes back.
                    synchronized (outcomes) {
                        outcomes.put(batch.images(), batch.seconds(), false);
                        control.update(phase, outcomes.finished(), images.length, detail(outcomes));
                    }
                });
        work.remark(outcomes, images.length).ifPresent(control::warn);
        return outcomes;
    }

    private void recall(ResultCache.Results results, Outcomes outcomes, int... images) {
        for (ResultCache.Batch known : results.read(images)) {
            control.checkCancelled();
            known.warnings().forEach(control::warn);
            outcomes.put(known.images(), known.seconds(), true);
        }
    }

    private static List<int[]> batches(int size, int... images) {
        return IntStream.range(0, (images.length + size - 1) / size)
                .mapToObj(
                        b ->
                                Arrays.copyOfRange(
                                        images, b * size, Math.min(images.length, (b + 1) * size)))
                .toList();
    }

    private static String detail(Outcomes outcomes) {
        if (outcomes.finished() == 0) {
            return "";
        }
        String detail =
                String.format(
                        Locale.ROOT,
                        "accuracy %.2f %%, ρ₂ %.4f, success %.1f %%",
                        100 * outcomes.accuracy(),
                        outcomes.rhoSoFar(),
                        100 * outcomes.successRate());
        return outcomes.cached() == 0
                ? detail
                : detail + String.format(Locale.ROOT, ", %,d from the cache", outcomes.cached());
    }
}
