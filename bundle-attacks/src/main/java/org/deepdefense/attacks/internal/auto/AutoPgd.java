// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLoss;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Masks;
import org.deepdefense.attacks.internal.support.Sight;
import org.deepdefense.model.Classifier;

/**
 * Auto-PGD (Croce and Hein, ICML 2020, algorithm 1): ascent with momentum whose step starts at 2 ε
 * and is halved for a sample, which then goes back to its best point, when at a checkpoint its loss
 * has risen too seldom since the last one, or its best loss has not risen at all.
 *
 * <p>Here a sample also leaves the batch when it is adversarial.
 */
public final class AutoPgd {

    private static final int IMAGES = 0;
    private static final int PREVIOUS = 1;
    private static final int GRADIENT = 2;
    private static final int LOSS = 3;
    private static final int BEST = 4;
    private static final int BEST_GRADIENT = 5;
    private static final int BEST_LOSS = 6;
    private static final int CHECKED_LOSS = 7;
    private static final int STEP = 8;
    private static final int RISES = 9;
    private static final int REDUCED = 10;
    private static final int REACHED = 11;
    private static final int TARGET = 12;

    /** The weight of a step against that of the momentum (α in the paper). */
    private static final double STEP_WEIGHT = 0.75;

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
     * @param restarts the number of runs, for each class
     * @param rho how large the share of steps that raise the loss must be
     * @param earlyStop whether samples leave when they are adversarial
     */
    public record Settings(
            Norm norm,
            double epsilon,
            Objective objective,
            int targets,
            int steps,
            int restarts,
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
        try (ActiveSamples active = start(images, criterion, random)) {
            int targets = Math.toIntExact(active.state(0).getShape().get(1));
            for (int target = 0; target < targets && !active.isEmpty(); target++) {
                for (int run = 0; run < settings.restarts() && !active.isEmpty(); run++) {
                    run(active, result, target);
                }
                if (target == 0 && targets > 1 && !active.isEmpty()) {
                    // A targeted sample has one target; it has had its runs.
                    active.retain(active.criterion().targeted().logicalNot());
                }
            }
        }
        return result;
    }

    private void run(ActiveSamples active, NDArray result, int target) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Found found =
                    climb(
                            active.images(),
                            ball(active.images()).drawFar(active.random()),
                            active.criterion(),
                            active.random(),
                            active.state(0).get(new NDIndex(":, " + target)));
            active.write(result, found.images());
            active.retain(found.reached().logicalNot());
        }
    }

    /** Starts with the classes to try, the most probable first, (N, number of classes to try). */
    private ActiveSamples start(NDArray images, Criterion criterion, SampleRandom random) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray targets = criterion.labels().reshape(-1, 1);
            if (settings.objective() == Objective.TARGETED_RATIO) {
                int count = Math.min(settings.targets(), classifier.classes() - 1);
                targets = Logits.rivals(classifier.predict(images), criterion.labels(), count);
            }
            return new ActiveSamples(images, criterion, random, targets);
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
        NDArray result = start.duplicate();
        NDArray reached = criterion.labels().zerosLike().toType(DataType.BOOLEAN, false);
        try (ActiveSamples active = begin(images, start, criterion, random, targets)) {
            leave(active, result, reached);
            int window = window(0.22);
            int next = window;
            for (int step = 1; step <= settings.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    move(active, step == 1 ? 1 : STEP_WEIGHT);
                    look(active);
                    leave(active, result, reached);
                    if (step == next && !active.isEmpty()) {
                        adapt(active, window);
                    }
                }
                if (step == next) {
                    window = Math.max(window - window(0.03), window(0.06));
                    next += window;
                }
            }
            finish(active, result, reached);
        }
        return new Found(result, reached);
    }

    private int window(double share) {
        return Math.max((int) (share * settings.steps()), 1);
    }

    private ActiveSamples begin(
            NDArray images,
            NDArray start,
            Criterion criterion,
            SampleRandom random,
            NDArray targets) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            LogitLoss loss = loss(criterion, targets);
            Sight sight = Sight.at(classifier, start, loss);
            if (Ascent.isZero(sight.gradient())) {
                context.warn(Ascent.ZERO_GRADIENTS);
            }
            NDArray losses = loss.value(sight.logits());
            NDArray zeros = losses.zerosLike();
            return new ActiveSamples(
                    images,
                    criterion,
                    random,
                    start,
                    start,
                    sight.gradient(),
                    losses,
                    start,
                    sight.gradient(),
                    losses,
                    losses,
                    zeros.add(2 * settings.epsilon()),
                    zeros,
                    zeros.onesLike(),
                    criterion.isAdversarial(sight.logits()),
                    targets);
        }
    }

    /** Returns the loss of the objective, unless another was given. */
    private LogitLoss loss(Criterion criterion, NDArray targets) {
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

    /** Goes to x + w·(z − x) + (1 − w)·(x − previous x), where z is one step further. */
    private void move(ActiveSamples active, double weight) {
        Ball ball = ball(active.images());
        NDArray images = active.state(IMAGES);
        NDArray next =
                ball.step(
                        images,
                        active.state(GRADIENT).duplicate(),
                        Norm.broadcast(active.state(STEP), images));
        if (weight < 1) {
            NDArray momentum = images.sub(active.state(PREVIOUS)).muli(1 - weight);
            next = ball.project(next.subi(images).muli(weight).addi(images).addi(momentum));
        }
        active.replace(PREVIOUS, images);
        active.replace(IMAGES, next);
    }

    /** Evaluates the new images, and remembers the best. */
    private void look(ActiveSamples active) {
        NDArray images = active.state(IMAGES);
        LogitLoss loss = loss(active.criterion(), active.state(TARGET));
        Sight sight = Sight.at(classifier, images, loss);
        NDArray losses = loss.value(sight.logits());
        NDArray risen = losses.gt(active.state(LOSS)).toType(DataType.FLOAT32, false);
        NDArray better = losses.gt(active.state(BEST_LOSS));
        active.replace(RISES, active.state(RISES).add(risen));
        active.replace(LOSS, losses);
        active.replace(GRADIENT, sight.gradient());
        active.replace(BEST, Images.choose(better, images, active.state(BEST)));
        active.replace(
                BEST_GRADIENT,
                Images.choose(better, sight.gradient(), active.state(BEST_GRADIENT)));
        active.replace(BEST_LOSS, losses.maximum(active.state(BEST_LOSS)));
        active.replace(REACHED, active.criterion().isAdversarial(sight.logits()));
    }

    /** Writes the images that are adversarial now, and lets their samples go. */
    private void leave(ActiveSamples active, NDArray result, NDArray reached) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray now = active.state(REACHED);
            if (Masks.any(now)) {
                active.write(result, active.state(IMAGES), now);
                active.write(reached, now, now);
                if (settings.earlyStop()) {
                    active.retain(now.logicalNot());
                }
            }
        }
    }

    private void adapt(ActiveSamples active, int window) {
        NDArray seldom = active.state(RISES).lte(settings.rho() * window);
        NDArray stuck =
                active.state(CHECKED_LOSS)
                        .gte(active.state(BEST_LOSS))
                        .logicalAnd(active.state(REDUCED).eq(0));
        NDArray halved = seldom.logicalOr(stuck);
        NDArray isHalved = halved.toType(DataType.FLOAT32, false);
        active.replace(STEP, active.state(STEP).mul(isHalved.mul(-0.5f).addi(1)));
        active.replace(REDUCED, isHalved);
        active.replace(CHECKED_LOSS, active.state(BEST_LOSS));
        active.replace(RISES, isHalved.zerosLike());
        active.replace(IMAGES, Images.choose(halved, active.state(BEST), active.state(IMAGES)));
        active.replace(
                GRADIENT,
                Images.choose(halved, active.state(BEST_GRADIENT), active.state(GRADIENT)));
    }

    /** Writes the best images of the samples that never were adversarial. */
    private static void finish(ActiveSamples active, NDArray result, NDArray reached) {
        if (!active.isEmpty()) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray never = reached.get(new NDIndex("{}", active.rows())).logicalNot();
                active.write(result, active.state(BEST), never);
            }
        }
    }
}
