package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.engine.internal.work.Parallel;
import org.deepdefense.model.Classifier;

/**
 * Attacks the images of a data set in batches, on several threads, and measures what comes of it.
 */
final class Measurement {

    private static final int[] ROW = {1};

    /** How far probabilities may be from a sum of one in float arithmetic. */
    private static final float PROBABILITY_TOLERANCE = 1e-4f;

    private final JobControl control;
    private final int threads;
    private final int batchSize;
    private final long seed;

    Measurement(JobControl control, int threads, int batchSize, long seed) {
        this.control = control;
        this.threads = threads;
        this.batchSize = batchSize;
        this.seed = seed;
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
        int size = subject.dataset().size();
        Outcomes outcomes = new Outcomes(size);
        control.update(phase, 0, size, "");
        new Parallel(threads, control)
                .forEach(
                        (size + batchSize - 1) / batchSize,
                        (batch, check) -> {
                            int first = batch * batchSize;
                            int[] indices =
                                    IntStream.range(first, Math.min(size, first + batchSize))
                                            .toArray();
                            attack(subject, attack, indices, check, outcomes);
                            control.update(phase, outcomes.finished(), size, detail(outcomes));
                        });
        return outcomes;
    }

    private static String detail(Outcomes outcomes) {
        return String.format(
                Locale.ROOT,
                "accuracy %.2f %%, ρ₂ %.4f, success %.1f %%",
                100 * outcomes.accuracy(),
                outcomes.rhoSoFar(),
                100 * outcomes.successRate());
    }

    private void attack(
            Subject subject,
            PluginUse<BoundAttack<?>> attack,
            int[] indices,
            Runnable check,
            Outcomes outcomes) {
        Classifier classifier = subject.classifier();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = subject.dataset().images(manager, indices);
            NDArray labels = manager.create(subject.dataset().labels(indices));
            Criterion criterion = criterion(attack.service().attack(), classifier, images, labels);
            Classifier.Calls before = classifier.calls();
            AttackOutcome outcome = run(attack, classifier, images, criterion, indices, check);
            Classifier.Calls calls = classifier.calls().since(before);
            List<Outcomes.Image> batch =
                    Autograd.recording(
                            false,
                            () ->
                                    measure(
                                            classifier,
                                            norm(attack.service().attack()),
                                            images,
                                            labels,
                                            outcome));
            // The executor's own calls: the clean images, and those that come back.
            long own = batch.size() + batch.stream().filter(Outcomes.Image::attacked).count();
            outcomes.put(indices[0], batch, calls.forwards() - own, calls.backwards());
        }
    }

    /**
     * A minimum-norm attack leaves the predicted class, as in the DeepFool paper; a fixed-budget
     * attack leaves the true class, which spares images that are misclassified already.
     */
    private static Criterion criterion(
            Attack<?> attack, Classifier classifier, NDArray images, NDArray labels) {
        return Criterion.misclassification(
                attack instanceof MinimumNormAttack<?>
                        ? classifier.predict(images).argMax(1)
                        : labels);
    }

    AttackOutcome run(
            PluginUse<BoundAttack<?>> attack,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            int[] indices,
            Runnable check) {
        RunControl run =
                new RunControl(
                        new SampleRandom(seed, Arrays.stream(indices).asLongStream().toArray()),
                        () -> {
                            check.run();
                            attack.checkPresent();
                        },
                        control::warn);
        return attack.call(
                () -> AttackExecutor.execute(attack.service(), classifier, images, criterion, run));
    }

    private static List<Outcomes.Image> measure(
            Classifier classifier,
            Norm norm,
            NDArray images,
            NDArray labels,
            AttackOutcome outcome) {
        NDArray perturbations = outcome.adversarials().sub(images);
        boolean[] correct = outcome.logits().argMax(1).eq(labels).toBooleanArray();
        boolean[] attacked = outcome.attacked().toBooleanArray();
        boolean[] success = outcome.success().toBooleanArray();
        float[] rho = rho(classifier, perturbations, images).toFloatArray();
        float[] rhoPixels = ratio(perturbations, images).toFloatArray();
        float[] norms = norm.of(perturbations).toFloatArray();
        return IntStream.range(0, correct.length)
                .mapToObj(
                        i ->
                                new Outcomes.Image(
                                        correct[i],
                                        attacked[i],
                                        success[i],
                                        rho[i],
                                        rhoPixels[i],
                                        norms[i]))
                .toList();
    }

    /** Returns ‖Δ‖₂/‖x‖₂ of each image in the space of the network's inputs. */
    static NDArray rho(Classifier classifier, NDArray perturbations, NDArray images) {
        return ratio(classifier.scale(perturbations), classifier.normalize(images));
    }

    private static NDArray ratio(NDArray perturbations, NDArray images) {
        return Norm.L2.of(perturbations).div(Norm.L2.of(images));
    }

    static Norm norm(Attack<?> attack) {
        if (attack instanceof FixedBudgetAttack<?> budget) {
            return budget.norm();
        }
        return attack instanceof MinimumNormAttack<?> minimum ? minimum.norm() : Norm.L2;
    }

    /** Looks at the first images for what makes the numbers of any attack doubtful. */
    void examine(Subject subject) {
        OpenDataset dataset = subject.dataset();
        int[] indices = IntStream.range(0, Math.min(batchSize, dataset.size())).toArray();
        Classifier classifier = subject.classifier();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = dataset.images(manager, indices);
            NDArray logits = classifier.predict(images);
            if (!logits.equals(classifier.predict(images))) {
                control.warn(
                        "The outputs of "
                                + subject.name()
                                + " differ from call to call: attacks that use gradients"
                                + " underestimate how vulnerable a randomised network is");
            }
            if (isProbabilities(logits)) {
                control.warn(
                        "The outputs of "
                                + subject.name()
                                + " look like probabilities: let the network return logits, or its"
                                + " gradients vanish where it is sure");
            }
            Criterion criterion = Criterion.misclassification(logits.argMax(1));
            NDArray gradient =
                    Autograd.recording(
                            true,
                            () -> classifier.lossGradient(images, criterion::loss).gradient());
            if (gradient.abs().max().getFloat() == 0) {
                control.warn(
                        "All gradients of "
                                + subject.name()
                                + " are zero on the first "
                                + indices.length
                                + " images: an attack that fails for want of gradients says nothing"
                                + " about robustness (gradient masking)");
            }
        }
    }

    private static boolean isProbabilities(NDArray logits) {
        return logits.min().getFloat() >= 0
                && logits.sum(ROW).sub(1).abs().max().getFloat() <= PROBABILITY_TOLERANCE;
    }
}
