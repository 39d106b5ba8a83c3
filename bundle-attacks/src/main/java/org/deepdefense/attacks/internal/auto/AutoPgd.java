// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLoss;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Classifier;

/**
 * Auto-PGD (Croce and Hein, ICML 2020, algorithm 1): ascent with momentum whose step starts at 2 ε
 * and is halved for a sample, which then goes back to its best point, when at a checkpoint its loss
 * has risen too seldom since the last one, or its best loss has not risen at all.
 *
 * <p>Here a sample also leaves the batch when it is adversarial.
 */
public final class AutoPgd {

    /** The usual ρ of the paper. */
    static final double RHO = 0.75;

    static final String RHO_DESCRIPTION =
            "the step is halved where the loss has risen in no larger share of the steps since the"
                    + " last checkpoint (ρ in the paper)";

    static final String STEPS_DESCRIPTION =
            "number of steps of a run, each a forward and a backward pass";

    private final Settings settings;
    private final Classifier classifier;
    private final AttackContext<?> context;

    /** What is increased. */
    public enum Objective {
        /** The cross-entropy of the label. */
        CROSS_ENTROPY,
        /** The difference of logits ratio. */
        LOGITS_RATIO,
        /** The difference of logits ratio toward one class after the other. */
        TARGETED_RATIO
    }

    /**
     * How to climb.
     *
     * @param norm the norm of the ball
     * @param epsilon its radius
     * @param objective what is increased
     * @param targets how many of the most probable other classes are tried, if classes are
     * @param steps the number of steps of a run
     * @param rho how large the share of steps that raise the loss must be
     * @param earlyStop whether samples leave when they are adversarial
     */
    public record Settings(
            Norm norm,
            double epsilon,
            Objective objective,
            int targets,
            int steps,
            double rho,
            boolean earlyStop) {}

    /**
     * What a run found.
     *
     * @param images for each sample the last adversarial image, or that of the largest loss (N, C,
     *     H, W)
     * @param reached which samples are adversarial (N), boolean
     */
    public record Found(NDArray images, NDArray reached) {}

    public AutoPgd(Settings settings, Classifier classifier, AttackContext<?> context) {
        this.settings = settings;
        this.classifier = classifier;
        this.context = context;
        if (settings.objective() != Objective.CROSS_ENTROPY && classifier.classes() < 4) {
            context.warn(
                    "the difference of logits ratio needs four classes or more, there are "
                            + classifier.classes()
                            + ": the difference of logits is used without its denominator");
        }
    }

    /** Returns the ball around images. */
    public Ball ball(NDArray images) {
        return Ball.of(settings.norm(), images, classifier.bounds(), settings.epsilon());
    }

    /**
     * Attacks a batch from random points, each sample until the first success.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param random the random numbers of the samples
     * @return for each sample the result of its last run
     */
    public NDArray attack(NDArray images, Criterion criterion, SampleRandom random) {
        NDArray result = images.duplicate();
        try (ActiveSamples active = new ActiveSamples(images, criterion, random)) {
            PerSample rivals = rivals(active);
            int count = Math.toIntExact(rivals.get().getShape().get(1));
            for (int i = 0; i < count && !active.isEmpty(); i++) {
                run(active, result, rivals, i);
                if (i == 0 && count > 1 && !active.isEmpty()) {
                    // A targeted sample has one target; it has had its run.
                    active.retain(active.criterion().targeted().logicalNot());
                }
            }
        }
        return result;
    }

    private void run(ActiveSamples active, NDArray result, PerSample rivals, int rival) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Found found =
                    climb(
                            active.images(),
                            ball(active.images()).drawFar(active.random()),
                            active.criterion(),
                            active.random(),
                            rivals.get().get(new NDIndex(":, " + rival)));
            active.write(result, found.images());
            active.retain(found.reached().logicalNot());
        }
    }

    /** Returns the classes to try, the most probable first, (N, number of classes to try). */
    private PerSample rivals(ActiveSamples active) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray labels = active.criterion().labels();
            if (settings.objective() != Objective.TARGETED_RATIO) {
                return active.keep(labels.reshape(-1, 1));
            }
            int count = Math.min(settings.targets(), classifier.classes() - 1);
            return active.keep(Logits.rivals(classifier.predict(active.images()), labels, count));
        }
    }

    /**
     * Climbs once.
     *
     * @param images images (N, C, H, W)
     * @param start where to start, inside the ball
     * @param criterion what to reach
     * @param random the random numbers of the samples, of which none is used
     * @param targets the class of each sample that is to win (N), if the objective is targeted
     */
    public Found climb(
            NDArray images,
            NDArray start,
            Criterion criterion,
            SampleRandom random,
            NDArray targets) {
        try (AutoPgdClimb climb =
                new AutoPgdClimb(this, images, start, criterion, random, targets)) {
            return climb.finish();
        }
    }

    Settings settings() {
        return settings;
    }

    Classifier classifier() {
        return classifier;
    }

    AttackContext<?> context() {
        return context;
    }

    /** Returns what is increased: a loss that was given, or else that of the objective. */
    LogitLoss loss(Criterion criterion, NDArray targets) {
        if (criterion.givenLoss().isPresent()) {
            return criterion.loss();
        }
        NDArray labels = criterion.labels();
        NDArray targeted = criterion.targeted();
        return switch (settings.objective()) {
            case CROSS_ENTROPY -> LogitLosses.crossEntropy(labels, targeted);
            case LOGITS_RATIO -> LogitLosses.logitsRatio(labels, targeted);
            case TARGETED_RATIO -> LogitLosses.logitsRatio(labels, targeted, targets);
        };
    }
}
