// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.Refinement;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Parallel;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.Target;
import org.deepdefense.model.Classifier;

/**
 * Attacks the images of a data set in batches, on several threads, and measures what comes of it.
 */
final class Measurement {

    /** How many images tell what is odd about a network. */
    private static final int CHECKED = 100;

    private final JobControl control;
    private final int threads;
    private final OptionalInt batchSize;
    private final long seed;
    private final Goal goal;
    private final boolean tighten;
    private final boolean eightBit;
    private final Optional<ResultCache> cache;
    private final ResultKeys keys;

    /**
     * Describes how to measure.
     *
     * @param control progress, cancellation and warnings of the job
     * @param threads how many batches are worked on at a time
     * @param batchSize how many images are attacked together, or as many as suits them
     * @param seed the seed of the attacks' random numbers
     * @param target the class that attacks are to reach, if any
     * @param options what is done with the images that attacks return
     * @param cache keeps results
     * @param keys names results
     */
    Measurement(
            JobControl control,
            int threads,
            OptionalInt batchSize,
            long seed,
            Optional<Target> target,
            Set<Option> options,
            ResultCache cache,
            ResultKeys keys) {
        this.control = control;
        this.threads = threads;
        this.batchSize = batchSize;
        this.seed = seed;
        this.goal = new Goal(target, seed);
        this.tighten = options.contains(Option.TIGHTEN);
        this.eightBit = options.contains(Option.EIGHT_BIT);
        this.cache = options.contains(Option.NO_CACHE) ? Optional.empty() : Optional.of(cache);
        this.keys = keys;
    }

    /** Returns what attacks are to reach. */
    Goal goal() {
        return goal;
    }

    /** Returns how many images of a data set are attacked together if all of them are. */
    int batchSize(OpenDataset dataset) {
        return batchSize(dataset, dataset.size());
    }

    private int batchSize(OpenDataset dataset, int images) {
        return batchSize.orElse(BatchSize.of(dataset.imageShape(), images, threads));
    }

    /** Looks at a network for what makes the numbers of any attack doubtful. */
    void examine(Subject subject) {
        int images = Math.min(CHECKED, BatchSize.most(subject.dataset().imageShape()));
        NetworkCheck.check(subject, images, control);
    }

    /**
     * Attacks all images.
     *
     * @param phase what the progress calls it
     * @param subject the network and the images
     * @param attack the attack
     * @return what came of it
     * @throws CancellationException if the job was cancelled
     */
    Outcomes attack(String phase, Subject subject, PluginUse<BoundAttack<?>> attack) {
        return attack(
                phase, subject, attack, IntStream.range(0, subject.dataset().size()).toArray());
    }

    /**
     * Attacks some images.
     *
     * @param phase what the progress calls it
     * @param subject the network and the images
     * @param attack the attack
     * @param images the images of the data set, ascending
     * @return what came of it, for these images alone
     * @throws CancellationException if the job was cancelled
     */
    Outcomes attack(
            String phase, Subject subject, PluginUse<BoundAttack<?>> attack, int... images) {
        Outcomes outcomes =
                measure(
                        phase,
                        subject,
                        results(subject, attack),
                        images,
                        (check, indices) -> {
                            ResultCache.Batch batch = attack(subject, attack, check, indices);
                            // It may have been replaced since the key of the results was made.
                            attack.checkPresent();
                            return batch;
                        });
        GradientWarning.of(subject.name(), attack.name(), outcomes.notFinite(), images.length)
                .ifPresent(control::warn);
        return outcomes;
    }

    /** What measures one batch. */
    @FunctionalInterface
    private interface Work {
        ResultCache.Batch measure(Runnable check, int... indices);
    }

    /** Measures the batches whose results are not known yet. */
    private Outcomes measure(
            String phase,
            Subject subject,
            Optional<ResultCache.Results> results,
            int[] images,
            Work work) {
        Outcomes outcomes = new Outcomes(subject.dataset().size());
        if (results.isPresent()) {
            for (ResultCache.Batch known : results.get().read(images)) {
                control.checkCancelled();
                known.warnings().forEach(control::warn);
                outcomes.put(known.images(), known.seconds(), true);
            }
        }
        int[] unknown = outcomes.missing(images);
        List<int[]> missing = batches(batchSize(subject.dataset(), unknown.length), unknown);
        // Batches of several threads overlap: the shares of the time add up to it.
        int workers = Math.max(1, Math.min(threads, missing.size()));
        // Only now, so that the time that is left is judged by the batches that take time.
        control.update(phase, outcomes.finished(), images.length, detail(outcomes));
        new Parallel(threads, control)
                .forEach(
                        missing.size(),
                        (number, check) -> {
                            int[] indices = missing.get(number);
                            ResultCache.Batch batch =
                                    work.measure(check, indices).sharedBy(workers);
                            results.ifPresent(r -> r.write(batch, indices));
                            // Together, so that the progress of two threads never goes back.
                            synchronized (outcomes) {
                                outcomes.put(batch.images(), batch.seconds(), false);
                                control.update(
                                        phase,
                                        outcomes.finished(),
                                        images.length,
                                        detail(outcomes));
                            }
                        });
        return outcomes;
    }

    private Optional<ResultCache.Results> results(
            Subject subject, PluginUse<BoundAttack<?>> attack) {
        return cache.flatMap(
                store -> keys.attack(subject, attack, seed, refinements(attack)).map(this::open));
    }

    private ResultCache.Results open(String key) {
        return cache.orElseThrow().open(key, control);
    }

    private String refinements(PluginUse<BoundAttack<?>> attack) {
        boolean tightened = tighten && attack.service().attack() instanceof MinimumNormAttack<?>;
        return "tighten "
                + tightened
                + ", eight bit "
                + eightBit
                + goal.target().map(target -> ", target " + target).orElse("");
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

    private ResultCache.Batch attack(
            Subject subject, PluginUse<BoundAttack<?>> attack, Runnable check, int... indices) {
        long start = System.nanoTime();
        Set<String> warnings = Collections.synchronizedSet(new LinkedHashSet<>());
        Classifier classifier = subject.classifier();
        List<SampleResult> batch;
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = subject.dataset().images(manager, indices);
            long[] labels = subject.dataset().labels(indices);
            Function<NDArray, Criterion> criterionOf =
                    logits -> goal.criterion(attack.service().attack(), logits, labels, indices);
            Classifier.Calls before = classifier.calls();
            AttackOutcome raw =
                    run(
                            subject,
                            attack,
                            classifier,
                            images,
                            criterionOf,
                            indices,
                            check,
                            message -> {
                                warnings.add(message);
                                control.warn(message);
                            });
            Criterion criterion = criterionOf.apply(raw.logits());
            AttackOutcome outcome =
                    Autograd.recording(
                            false,
                            () -> tightened(raw, attack, classifier, images, criterion, check));
            Classifier.Calls calls = classifier.calls().since(before);
            batch =
                    Autograd.recording(
                            false,
                            () ->
                                    measure(
                                            classifier,
                                            images,
                                            labels,
                                            eightBit
                                                    ? Refinement.eightBit(
                                                            outcome, classifier, criterion)
                                                    : outcome,
                                            calls,
                                            indices));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new ResultCache.Batch(seconds, List.copyOf(warnings), batch);
    }

    private AttackOutcome tightened(
            AttackOutcome outcome,
            PluginUse<BoundAttack<?>> attack,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            Runnable check) {
        return tighten && attack.service().attack() instanceof MinimumNormAttack<?> minimum
                ? Refinement.tighten(outcome, minimum.norm(), classifier, images, criterion, check)
                : outcome;
    }

    AttackOutcome run(
            Subject subject,
            PluginUse<BoundAttack<?>> attack,
            Classifier classifier,
            NDArray images,
            Function<NDArray, Criterion> criterionOf,
            int[] indices,
            Runnable check,
            Consumer<String> warnings) {
        RunControl run =
                new RunControl(
                        new SampleRandom(seed, Arrays.stream(indices).asLongStream().toArray()),
                        () -> {
                            check.run();
                            attack.checkPresent();
                        },
                        warnings,
                        subject.known());
        return attack.call(
                () ->
                        AttackExecutor.execute(
                                attack.service(), classifier, images, criterionOf, run));
    }

    private static List<SampleResult> measure(
            Classifier classifier,
            NDArray images,
            long[] labels,
            AttackOutcome outcome,
            Classifier.Calls calls,
            int... indices) {
        NDArray perturbations = outcome.adversarials().sub(images);
        long[] predictions = outcome.logits().argMax(1).toLongArray();
        long[] adversarial = outcome.adversarialLogits().argMax(1).toLongArray();
        boolean[] attacked = outcome.attacked().toBooleanArray();
        boolean[] success = outcome.success().toBooleanArray();
        boolean[] finite = outcome.finiteGradients().toBooleanArray();
        float[] rho = rho(classifier, perturbations, images).toFloatArray();
        float[] rhoPixels = ratio(perturbations, images).toFloatArray();
        float[] l0 = Norm.L0.of(perturbations).toFloatArray();
        float[] l1 = Norm.L1.of(perturbations).toFloatArray();
        float[] l2 = Norm.L2.of(perturbations).toFloatArray();
        float[] linf = Norm.LINF.of(perturbations).toFloatArray();
        int victims = (int) IntStream.range(0, attacked.length).filter(i -> attacked[i]).count();
        // The executor's own calls: the clean images, and those that come back.
        double forwards = Math.max(0, calls.forwards() - indices.length - victims);
        double share = 1.0 / Math.max(1, victims);
        return IntStream.range(0, indices.length)
                .mapToObj(
                        i ->
                                new SampleResult(
                                        indices[i],
                                        (int) labels[i],
                                        (int) predictions[i],
                                        attacked[i],
                                        isFooled(
                                                success[i], attacked[i], labels[i], predictions[i]),
                                        finite[i],
                                        (int) adversarial[i],
                                        l0[i],
                                        l1[i],
                                        l2[i],
                                        linf[i],
                                        finite(rho[i]),
                                        finite(rhoPixels[i]),
                                        attacked[i] ? forwards * share : 0,
                                        attacked[i] ? calls.backwards() * share : 0))
                .toList();
    }

    /** Where the target is the true class, there is nothing to attack and nobody is fooled. */
    static boolean isFooled(boolean success, boolean attacked, long label, long prediction) {
        return success && (attacked || label != prediction);
    }

    /** A ratio to nothing is no number, whatever it is a ratio of. */
    private static double finite(float ratio) {
        return Float.isFinite(ratio) ? ratio : Double.NaN;
    }

    /** Returns ‖Δ‖₂/‖x‖₂ of each image in the space of the network's inputs. */
    static NDArray rho(Classifier classifier, NDArray perturbations, NDArray images) {
        return ratio(classifier.scale(perturbations), classifier.normalize(images));
    }

    private static NDArray ratio(NDArray perturbations, NDArray images) {
        return Norm.L2.of(perturbations).div(Norm.L2.of(images));
    }

    /**
     * Classifies all images.
     *
     * @param subject the network and the images
     * @return results of images that no attack has touched, in the order of the data set
     * @throws CancellationException if the job was cancelled
     */
    List<SampleResult> clean(Subject subject) {
        int size = subject.dataset().size();
        return measure(
                        "clean images",
                        subject,
                        cache.flatMap(store -> keys.clean(subject).map(this::open)),
                        IntStream.range(0, size).toArray(),
                        (check, indices) ->
                                new ResultCache.Batch(0, List.of(), clean(subject, indices)))
                .images();
    }

    private static List<SampleResult> clean(Subject subject, int... indices) {
        long[] labels = subject.dataset().labels(indices);
        try (NDManager manager = NDManager.newBaseManager()) {
            long[] predictions =
                    subject.classifier()
                            .predict(subject.dataset().images(manager, indices))
                            .argMax(1)
                            .toLongArray();
            return IntStream.range(0, indices.length)
                    .mapToObj(
                            i ->
                                    new SampleResult(
                                            indices[i],
                                            (int) labels[i],
                                            (int) predictions[i],
                                            false,
                                            predictions[i] != labels[i],
                                            true,
                                            (int) predictions[i],
                                            0,
                                            0,
                                            0,
                                            0,
                                            0,
                                            0,
                                            0,
                                            0))
                    .toList();
        }
    }
}
