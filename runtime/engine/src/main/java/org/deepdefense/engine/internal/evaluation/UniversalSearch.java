// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.Parallel;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * Algorithm 1 of the paper on universal perturbations: an image that the perturbation so far does
 * not fool is carried over the nearest boundary, and the way there is added to the perturbation,
 * which is projected to its ball.
 */
final class UniversalSearch implements AutoCloseable {

    /** How many images are classified together. */
    private static final int BATCH = 50;

    private final UniversalRequest request;
    private final AttackUse attack;
    private final Subject training;
    private final Bounds bounds;
    private final JobControl control;
    private final int threads;
    private final NDManager manager = NDManager.newBaseManager();

    /** The images on which gradients were met that are not finite. */
    private final BitSet notFinite = new BitSet();

    private NDArray perturbation;
    private int passes;

    UniversalSearch(
            UniversalRequest request,
            AttackUse attack,
            Subject training,
            JobControl control,
            int threads) {
        this.request = request;
        this.attack = attack;
        this.training = training;
        this.bounds = training.dataset().bounds();
        this.control = control;
        this.threads = threads;
        this.perturbation = manager.zeros(new Shape(1).addAll(training.dataset().imageShape()));
    }

    /**
     * Searches until enough training images are fooled or the passes are used up, and keeps the
     * perturbation of the best pass.
     *
     * @return its effect on the training images
     */
    UniversalResult.Effect run() {
        long[] clean = classify(training, "classify training images", false);
        UniversalResult.Effect best = effect(training, clean, clean);
        NDArray bestPerturbation = perturbation.duplicate();
        while (passes < request.passes() && best.foolingRate() < request.foolingRate()) {
            passes++;
            pass(clean, best.foolingRate());
            UniversalResult.Effect effect =
                    effect(training, clean, classify(training, phase(), true));
            if (effect.foolingRate() > best.foolingRate() || passes == 1) {
                best = effect;
                bestPerturbation.close();
                bestPerturbation = perturbation.duplicate();
            }
        }
        perturbation.close();
        perturbation = bestPerturbation;
        GradientWarning.ofSearch(
                        training.name(),
                        attack.name(),
                        notFinite.cardinality(),
                        training.dataset().size())
                .ifPresent(control::warn);
        return best;
    }

    /** Returns what the perturbation does to other images. */
    UniversalResult.Effect measure(Subject subject) {
        long[] clean = classify(subject, "classify test images", false);
        return effect(subject, clean, classify(subject, "classify perturbed test images", true));
    }

    /** Returns the perturbation (1, C, H, W), to be read before this is closed. */
    NDArray perturbation() {
        return perturbation;
    }

    int passes() {
        return passes;
    }

    private String phase() {
        return "pass " + passes + "/" + request.passes();
    }

    private void pass(long[] clean, double rateBefore) {
        int size = training.dataset().size();
        List<Integer> order = IntStream.range(0, size).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(request.seed() * 31 + passes));
        Classifier classifier = training.classifier();
        int used = 0;
        for (int first = 0; first < size; first += request.batchSize()) {
            control.checkCancelled();
            control.update(
                    phase(),
                    first,
                    size,
                    String.format(
                            Locale.ROOT,
                            "fooling rate before %.1f %%, %d steps added",
                            100 * rateBefore,
                            used));
            int[] batch =
                    order.subList(first, Math.min(size, first + request.batchSize())).stream()
                            .mapToInt(Integer::intValue)
                            .toArray();
            used += extend(classifier, batch, clean);
        }
    }

    /** Adds the steps that a batch needs, and returns how many there were. */
    private int extend(Classifier classifier, int[] batch, long[] clean) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray images = training.dataset().images(scope, batch);
            NDArray shifted = shift(images);
            long[] classes = Arrays.stream(batch).mapToLong(i -> clean[i]).toArray();
            RunControl run =
                    new RunControl(
                            new SampleRandom(
                                    request.seed() + passes,
                                    Arrays.stream(batch).asLongStream().toArray()),
                            control::checkCancelled,
                            control::warn);
            Criterion criterion = Criterion.misclassification(scope.create(classes));
            AttackOutcome outcome = attack.execute(classifier, shifted, logits -> criterion, run);
            boolean[] useful = outcome.attacked().logicalAnd(outcome.success()).toBooleanArray();
            boolean[] finite = outcome.finiteGradients().toBooleanArray();
            IntStream.range(0, batch.length)
                    .filter(i -> !finite[i])
                    .forEach(i -> notFinite.set(batch[i]));
            NDArray steps = outcome.adversarials().sub(shifted);
            int used = 0;
            for (int i = 0; i < batch.length; i++) {
                NDArray image = images.get(i + ":" + (i + 1));
                // A step that was added for another image of the batch may do for this one too.
                if (useful[i] && (used == 0 || predict(classifier, image) == classes[i])) {
                    add(steps.get(i + ":" + (i + 1)));
                    used++;
                }
            }
            return used;
        }
    }

    private long predict(Classifier classifier, NDArray image) {
        return classifier.predict(shift(image)).argMax(1).getLong(0);
    }

    private NDArray shift(NDArray images) {
        return images.add(perturbation).clip(bounds.min(), bounds.max());
    }

    private void add(NDArray step) {
        NDArray sum = step.add(perturbation);
        double epsilon = request.epsilon();
        NDArray projected =
                request.norm() == Norm.LINF
                        ? sum.clip(-epsilon, epsilon)
                        : sum.mul(Math.min(1, epsilon / Norm.L2.of(sum).getFloat(0)));
        projected.attach(manager);
        perturbation.close();
        perturbation = projected;
    }

    /** Returns the predicted class of each image, as it is or perturbed. */
    private long[] classify(Subject subject, String phase, boolean perturbed) {
        int size = subject.dataset().size();
        long[] classes = new long[size];
        control.update(phase, 0, size, "");
        new Parallel(threads, control::checkCancelled)
                .forEach(
                        (size + BATCH - 1) / BATCH,
                        (number, check) -> {
                            int first = number * BATCH;
                            int[] batch =
                                    IntStream.range(first, Math.min(size, first + BATCH)).toArray();
                            try (NDManager scope = NDManager.newBaseManager()) {
                                NDArray images = subject.dataset().images(scope, batch);
                                long[] some =
                                        subject.classifier()
                                                .predict(perturbed ? shift(images) : images)
                                                .argMax(1)
                                                .toLongArray();
                                System.arraycopy(some, 0, classes, first, some.length);
                            }
                        });
        return classes;
    }

    private static UniversalResult.Effect effect(Subject subject, long[] before, long[] after) {
        int size = before.length;
        long[] labels = subject.dataset().labels(IntStream.range(0, size).toArray());
        return new UniversalRecord.Effect(
                size,
                rate(size, i -> before[i] == labels[i]),
                rate(size, i -> after[i] == labels[i]),
                rate(size, i -> after[i] != before[i]));
    }

    private static double rate(int size, IntPredicate kind) {
        return (double) IntStream.range(0, size).filter(kind).count() / size;
    }

    @Override
    public void close() {
        manager.close();
    }
}
