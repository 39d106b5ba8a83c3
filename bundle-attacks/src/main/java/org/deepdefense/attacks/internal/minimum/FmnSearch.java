// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Annealing;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Patience;
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

    private static final int PERTURBATION = 0;
    private static final int RADIUS = 1;
    private static final int REACH = 2;

    /** The norm of the largest perturbation inside the bounds. */
    private static final int LIMIT = 3;

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
                ActiveSamples samples = start(images, criterion)) {
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
                NDArray last = samples.images().add(samples.state(PERTURBATION));
                offer(samples, closest, last, classifier.predict(last));
            }
        }
        return closest.images();
    }

    /** Offers images, and returns which of them are adversarial (M). */
    private NDArray offer(ActiveSamples samples, Closest closest, NDArray moved, NDArray logits) {
        NDArray adversarial = samples.criterion().isAdversarial(logits);
        closest.offer(samples.rows(), moved, norm.of(samples.state(PERTURBATION)), adversarial);
        return adversarial;
    }

    private ActiveSamples start(NDArray images, Criterion criterion) {
        NDArray zeros = images.getManager().zeros(new Shape(images.getShape().get(0)));
        NDArray radius = norm == Norm.L0 ? zeros.onesLike() : zeros;
        return new ActiveSamples(
                images,
                criterion,
                context.random(),
                images.zerosLike(),
                radius,
                zeros,
                norm.of(Images.farthest(images, classifier.bounds())));
    }

    private void step(ActiveSamples samples, Closest closest, double length, double gamma) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Bounds bounds = classifier.bounds();
            NDArray clean = samples.images();
            NDArray moved = clean.add(samples.state(PERTURBATION));
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
                            ? count(samples.state(RADIUS), adversarial, best, gamma)
                            : radius(samples, ascent, gradient, adversarial, best, gamma);
            radius = radius.minimum(samples.state(LIMIT));
            NDArray next = Images.unit(gradient).muli(length).addi(samples.state(PERTURBATION));
            NDArray projected = Projections.project(norm, next, radius);
            samples.replace(RADIUS, radius);
            samples.replace(REACH, norm.of(projected));
            samples.replace(
                    PERTURBATION,
                    projected.add(clean).clip(bounds.min(), bounds.max()).subi(clean));
        }
    }

    private NDArray radius(
            ActiveSamples samples,
            Classifier.LossGradient ascent,
            NDArray gradient,
            NDArray adversarial,
            NDArray best,
            double gamma) {
        NDArray radius = samples.state(RADIUS);
        NDArray distance =
                NDArrays.maximum(
                                ascent.loss().abs(),
                                Margins.resolution(ascent.logits(), samples.criterion()))
                        .divi(norm.dual().of(gradient).maximum(Float.MIN_NORMAL))
                        .addi(BEYOND * classifier.bounds().range());
        NDArray grown =
                NDArrays.where(
                        best.isInfinite(),
                        samples.state(REACH).add(distance),
                        radius.mul(1 + gamma));
        return NDArrays.where(adversarial, radius.mul(1 - gamma).minimum(best), grown);
    }

    /** The radius in L0 is a number of components, which changes by one at least. */
    private static NDArray count(NDArray radius, NDArray adversarial, NDArray best, double gamma) {
        NDArray fewer = radius.sub(1).minimum(radius.mul(1 - gamma).floor()).minimum(best);
        NDArray more = radius.add(1).maximum(radius.mul(1 + gamma).floor());
        return NDArrays.where(adversarial, fewer, more).maximum(1);
    }
}
