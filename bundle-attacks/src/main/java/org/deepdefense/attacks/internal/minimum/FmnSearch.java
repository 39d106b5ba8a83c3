// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Annealing;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Patience;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * The Fast Minimum-Norm attack in any norm (Pintor, Roli, Brendel, Biggio, NeurIPS 2021, algorithm
 * 1): steps along the gradient of the margin between logits, each projected onto a ball whose
 * radius follows the boundary. Until a sample has become adversarial, the radius is where the
 * linearised boundary is expected; from then on it shrinks by a factor after each adversarial step
 * and grows by it after each other.
 *
 * <p>It deviates from the published algorithm where the bounds of pixels cut a perturbation short.
 * There, the published one expects the boundary beyond what is left of the perturbation, so that a
 * radius is lost to the bounds in every step just as it is gained, and the search stalls for ever
 * in front of the boundary: on digits, whose background is at the bound, more than half of the
 * samples are never fooled in L2. Here the radius grows from where it was before the bounds cut,
 * and pixels that stand at a bound and could only leave it are left out of the gradient, except in
 * L0, where no distance is expected and nothing stalls. Where the bounds are out of reach both
 * algorithms are the same, but for a step a little beyond the boundary.
 */
final class FmnSearch {

    /** The length of the last step, as a fraction of the first. */
    private static final double LAST_STEP = 0.01;

    /**
     * How far beyond the expected boundary the radius is set, relative to the range of pixels: on
     * the boundary itself the last bit would decide about success.
     */
    private static final double BEYOND = 1e-4;

    private final Norm norm;
    private final Classifier classifier;
    private final AttackContext<FmnParameters> context;

    FmnSearch(Norm norm, Classifier classifier, AttackContext<FmnParameters> context) {
        this.norm = norm;
        this.classifier = classifier;
        this.context = context;
    }

    NDArray attack(NDArray images, Criterion criterion) {
        FmnParameters p = context.parameters();
        Bounds bounds = classifier.bounds();
        Closest closest = new Closest(images);
        try (NDScope scope = new NDScope();
                State samples = new State(images, criterion, context.random(), norm, bounds)) {
            scope.suppressNotUsedWarning();
            Patience patience = new Patience(p.patience(), closest, images);
            for (int i = 0; i < p.steps() && !samples.isEmpty(); i++) {
                context.checkCancelled();
                double length = p.stepSize() * bounds.range();
                step(
                        samples,
                        closest,
                        Annealing.cosine(length, LAST_STEP * length, i, p.steps()),
                        Annealing.cosine(p.gamma(), p.finalGamma(), i, p.steps()));
                patience.check(i, samples);
            }
            if (!samples.isEmpty()) {
                NDArray last = samples.images().add(samples.perturbation.get());
                offer(samples, closest, last, classifier.predict(last));
            }
        }
        return closest.images();
    }

    /** Offers images, and returns which of them are adversarial (M). */
    private NDArray offer(State samples, Closest closest, NDArray moved, NDArray logits) {
        NDArray adversarial = samples.criterion().isAdversarial(logits);
        closest.offer(samples.rows(), moved, norm.of(samples.perturbation.get()), adversarial);
        return adversarial;
    }

    private void step(State samples, Closest closest, double length, double gamma) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Bounds bounds = classifier.bounds();
            NDArray clean = samples.images();
            NDArray moved = clean.add(samples.perturbation.get());
            Classifier.LossGradient ascent =
                    classifier.lossGradient(
                            moved, logits -> Margins.of(logits, samples.criterion()).neg());
            if (Ascent.isZero(ascent.gradient())) {
                context.warn(Ascent.ZERO_GRADIENTS);
            }
            NDArray adversarial = offer(samples, closest, moved, ascent.logits());
            NDArray gradient =
                    norm == Norm.L0
                            ? ascent.gradient()
                            : Images.movable(ascent.gradient(), moved, bounds);
            NDArray best = closest.distances(samples.rows());
            NDArray radius =
                    norm == Norm.L0
                            ? count(samples.radius.get(), adversarial, best, gamma)
                            : radius(samples, ascent, gradient, adversarial, best, gamma);
            radius = radius.minimum(samples.limit.get());
            NDArray next = Images.unit(gradient).muli(length).addi(samples.perturbation.get());
            NDArray projected = Projections.project(norm, next, radius);
            samples.radius.set(radius);
            samples.reach.set(norm.of(projected));
            samples.perturbation.set(
                    projected.add(clean).clip(bounds.min(), bounds.max()).subi(clean));
        }
    }

    private NDArray radius(
            State samples,
            Classifier.LossGradient ascent,
            NDArray gradient,
            NDArray adversarial,
            NDArray best,
            double gamma) {
        NDArray radius = samples.radius.get();
        NDArray distance =
                NDArrays.maximum(
                                ascent.loss().abs(),
                                Margins.resolution(ascent.logits(), samples.criterion()))
                        .divi(norm.dual().of(gradient).maximum(Float.MIN_NORMAL))
                        .addi(BEYOND * classifier.bounds().range());
        NDArray grown =
                NDArrays.where(
                        best.isInfinite(),
                        samples.reach.get().add(distance),
                        radius.mul(1 + gamma));
        return NDArrays.where(adversarial, radius.mul(1 - gamma).minimum(best), grown);
    }

    /** The radius in L0 is a number of components, which changes by one at least. */
    private static NDArray count(NDArray radius, NDArray adversarial, NDArray best, double gamma) {
        NDArray fewer = radius.sub(1).minimum(radius.mul(1 - gamma).floor()).minimum(best);
        NDArray more = radius.add(1).maximum(radius.mul(1 + gamma).floor());
        return NDArrays.where(adversarial, fewer, more).maximum(1);
    }

    /** The samples that are searched. */
    private static final class State extends ActiveSamples {

        final PerSample perturbation;
        final PerSample radius;

        /** The norm that the last step had before the bounds cut it. */
        final PerSample reach;

        /** The norm of the largest perturbation inside the bounds. */
        final PerSample limit;

        State(NDArray images, Criterion criterion, SampleRandom random, Norm norm, Bounds bounds) {
            super(images, criterion, random);
            NDArray zeros = images.getManager().zeros(images.getShape().slice(0, 1));
            perturbation = keep(images.zerosLike());
            radius = keep(norm == Norm.L0 ? zeros.onesLike() : zeros);
            reach = keep(zeros);
            limit = keep(norm.of(Images.farthest(images, bounds)));
        }
    }
}
