// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.AdversarialStarts;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.PathSearch;
import org.deepdefense.attacks.internal.support.Patience;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Variants;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * HopSkipJumpAttack (algorithm 2 of the paper): from a point on the boundary, estimate the normal
 * of the boundary from decisions around it, step along it as far as the image stays adversarial,
 * and return to the boundary by bisection of the way to the clean image.
 */
final class HopSkipJumpSearch {

    private static final double TINY = 1e-12;

    /** Halvings after which a step is too short to matter. */
    private static final int HALVINGS = 30;

    /** The length of the probes of the first step, as a share of the range of pixels. */
    private static final double FIRST_PROBE = 0.1;

    private final Norm norm;
    private final Classifier classifier;
    private final AttackContext<HopSkipJumpParameters> context;
    private final HopSkipJumpParameters parameters;
    private final Bounds bounds;

    HopSkipJumpSearch(
            Norm norm, Classifier classifier, AttackContext<HopSkipJumpParameters> context) {
        this.norm = norm;
        this.classifier = classifier;
        this.context = context;
        this.parameters = context.parameters();
        this.bounds = classifier.bounds();
    }

    NDArray attack(NDArray images, Criterion criterion) {
        return new AdversarialStarts(classifier, context, parameters.draws())
                .refine(images, criterion, this::refine);
    }

    /** Returns the nearest of the points on the boundary that the steps lead to. */
    private NDArray refine(
            NDArray images, NDArray starts, Criterion criterion, SampleRandom random) {
        Closest closest = new Closest(images);
        Patience patience = new Patience(parameters.patience(), closest, images);
        NDArray near = toBoundary(images, starts, criterion);
        try (ActiveSamples samples = new ActiveSamples(images, criterion, random)) {
            PerSample current = samples.keep(near);
            offer(closest, samples, current.get());
            for (int step = 0; step < parameters.steps() && !samples.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    step(samples, current, step);
                    offer(closest, samples, current.get());
                }
                patience.check(step, samples);
            }
        }
        return closest.images();
    }

    private void offer(Closest closest, ActiveSamples samples, NDArray current) {
        NDArray distance = norm.of(current.sub(samples.images()));
        closest.offer(samples.rows(), current, distance, distance.gte(0));
    }

    private void step(ActiveSamples samples, PerSample place, int step) {
        NDArray images = samples.images();
        NDArray current = place.get();
        Criterion criterion = samples.criterion();
        NDArray distance = norm.of(current.sub(images));
        NDArray probe =
                step == 0
                        ? distance.onesLike().mul(FIRST_PROBE * bounds.range())
                        : distance.mul(parameters.gamma() / images.getShape().slice(1).size());
        NDArray normal = normal(current, criterion, samples.random(), probe, step);
        NDArray direction = norm == Norm.LINF ? normal.sign() : normal;
        NDArray length = distance.div(Math.sqrt(step + 1));
        NDArray moved = step(current, direction, length, criterion);
        place.set(toBoundary(images, moved, criterion));
    }

    /** Estimates the unit normal of the boundary (equation 16, the baseline included). */
    private NDArray normal(
            NDArray images, Criterion criterion, SampleRandom random, NDArray probe, int step) {
        int count =
                (int)
                        Math.min(
                                parameters.initialProbes() * Math.sqrt(step + 1),
                                parameters.maxProbes());
        Shape shape = images.getShape();
        long samples = shape.get(0);
        NDArray center = images.expandDims(1);
        NDArray signed = images.zerosLike().reshape(samples, 1, -1);
        NDArray plain = signed.duplicate();
        NDArray signs = probe.zerosLike();
        int atOnce = Variants.atOnce(images);
        for (int done = 0; done < count; done += atOnce) {
            context.checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                int part = Math.min(atOnce, count - done);
                NDArray probes =
                        probes(random, images, part)
                                .muli(probe.reshape(-1, 1, 1, 1, 1))
                                .addi(center)
                                .clip(bounds.min(), bounds.max());
                NDArray sign =
                        Variants.areAdversarial(classifier, probes, criterion)
                                .toType(DataType.FLOAT32, false)
                                .muli(2)
                                .subi(1);
                NDArray moves = probes.sub(center).reshape(samples, part, -1);
                signed.addi(sign.reshape(samples, 1, part).matMul(moves));
                plain.addi(moves.sum(new int[] {1}, true));
                signs.addi(sign.sum(new int[] {1}));
            }
        }
        NDArray mean = signs.div(count);
        NDArray baseline =
                NDArrays.where(mean.abs().gte(1), mean.zerosLike(), mean).reshape(-1, 1, 1);
        NDArray normal = signed.sub(plain.mul(baseline));
        return normal.div(normal.norm(new int[] {2}, true).add(TINY)).reshape(shape);
    }

    /** Draws directions of length 1 (M, part, C, H, W). */
    private NDArray probes(SampleRandom random, NDArray images, int part) {
        Shape shape = new Shape(part).addAll(images.getShape().slice(1));
        NDArray drawn =
                norm == Norm.LINF
                        ? random.uniform(images.getManager(), shape, -1, 1)
                        : random.normal(images.getManager(), shape);
        NDArray length =
                drawn.reshape(drawn.getShape().get(0), part, -1).norm(new int[] {2}).add(TINY);
        return drawn.divi(length.reshape(-1, part, 1, 1, 1));
    }

    /** Halves steps until images stay adversarial; those that never do stay where they are. */
    private NDArray step(NDArray images, NDArray direction, NDArray length, Criterion criterion) {
        NDArray result = images.duplicate();
        NDArray pending = length.gte(0).nonzero().flatten();
        double share = 1;
        for (int i = 0; i < HALVINGS && !pending.isEmpty(); i++) {
            context.checkCancelled();
            NDIndex index = new NDIndex("{}", pending);
            NDArray scale = length.get(index).mul(share);
            NDArray moved =
                    images.get(index)
                            .add(direction.get(index).mul(Norm.broadcast(scale, images)))
                            .clip(bounds.min(), bounds.max());
            NDArray reached = criterion.select(pending).isAdversarial(classifier.predict(moved));
            NDArray successes = reached.nonzero().flatten();
            if (!successes.isEmpty()) {
                NDIndex chosen = new NDIndex("{}", successes);
                result.set(new NDIndex("{}", pending.get(chosen)), moved.get(chosen));
            }
            pending = pending.get(new NDIndex("{}", reached.logicalNot().nonzero().flatten()));
            share /= 2;
        }
        return result;
    }

    /**
     * Brings adversarial images to the boundary: along the line to the clean image in L2, by
     * clipping the perturbation in L∞ (section 4.2).
     */
    private NDArray toBoundary(NDArray images, NDArray adversarials, Criterion criterion) {
        NDArray result = adversarials.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray distance = norm.of(adversarials.sub(images));
            NDArray low = distance.zerosLike();
            NDArray high = distance.onesLike();
            NDArray best = adversarials;
            for (double width = 1; width > tolerance(images); width /= 2) {
                context.checkCancelled();
                NDArray middle = low.add(high).div(2);
                NDArray tried = nearer(images, adversarials, distance, middle);
                NDArray reached = criterion.isAdversarial(classifier.predict(tried));
                best = Images.choose(reached, tried, best);
                high = NDArrays.where(reached, middle, high);
                low = NDArrays.where(reached, low, middle);
            }
            result.set(new NDIndex(":"), best);
        }
        return result;
    }

    /** Returns θ of the paper, γ / d^1.5 in L2 and γ / d² in L∞, but nothing below float32. */
    private double tolerance(NDArray images) {
        double d = images.getShape().slice(1).size();
        double theta = parameters.gamma() / (norm == Norm.LINF ? d * d : d * Math.sqrt(d));
        return Math.max(theta, Math.ulp(1f));
    }

    private NDArray nearer(
            NDArray images, NDArray adversarials, NDArray distance, NDArray position) {
        if (norm == Norm.LINF) {
            NDArray radius = Norm.broadcast(distance.mul(position), images);
            NDArray perturbation = adversarials.sub(images);
            return images.add(
                    NDArrays.minimum(NDArrays.maximum(perturbation, radius.neg()), radius));
        }
        return PathSearch.line(images, adversarials, position);
    }
}
