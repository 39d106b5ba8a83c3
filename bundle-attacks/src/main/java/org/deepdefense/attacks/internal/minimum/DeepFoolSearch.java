// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * DeepFool on a batch from which samples leave as soon as they are fooled. Without clipping, it
 * linearises at x + r and tests at x + (1 + overshoot)·r, as the paper's code does; with clipping,
 * both at the overshot and clipped image, as Foolbox does.
 */
final class DeepFoolSearch {

    /**
     * Where the bounds cut steps short, iterates would approach the boundary for ever without
     * crossing it. The value is Foolbox's, relative to the range of pixels.
     */
    private static final double BEYOND = 1e-4;

    /** Candidates by sample, as the state of active samples needs them, and back. */
    private static final int[] BY_SAMPLE = {1, 0, 2};

    private final Norm norm;
    private final Classifier classifier;
    private final AttackContext<DeepFoolParameters> context;
    private final DeepFoolParameters parameters;

    DeepFoolSearch(Norm norm, Classifier classifier, AttackContext<DeepFoolParameters> context) {
        this.norm = norm;
        this.classifier = classifier;
        this.context = context;
        this.parameters = context.parameters();
    }

    NDArray attack(NDArray images, Criterion criterion) {
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope();
                State active = new State(images, criterion, context.random())) {
            scope.suppressNotUsedWarning();
            for (int i = 0; i < parameters.iterations() && !active.isEmpty(); i++) {
                context.checkCancelled();
                step(active, result, i == 0);
            }
            if (!active.isEmpty()) {
                active.write(result, overshot(active.images(), active.perturbation.get()));
            }
        }
        return result;
    }

    /** Makes one step, writes finished samples into the result, and lets them go. */
    private void step(State active, NDArray result, boolean first) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = linearisationPoint(active).stopGradient();
            x.setRequiresGradient(true);
            NDArray logits = classifier.logits(x);
            if (first) {
                active.candidates.set(
                        Boundaries.candidates(logits, active.criterion(), parameters.candidates())
                                .transpose(BY_SAMPLE));
            }
            NDArray candidates = active.candidates.get().transpose(BY_SAMPLE);
            Boundaries boundaries =
                    Boundaries.nearest(
                            classifier,
                            x,
                            logits,
                            active.criterion(),
                            candidates,
                            norm,
                            active.growth.get());
            active.growth.set(boundaries.next(active.growth.get()));
            double beyond = parameters.clip() ? BEYOND * classifier.bounds().range() : 0;
            active.perturbation.set(boundaries.steps(norm, beyond).addi(active.perturbation.get()));
            NDArray adversarials = overshot(active.images(), active.perturbation.get());
            NDArray finished = active.criterion().isAdversarial(classifier.predict(adversarials));
            if (!boundaries.allReachable()) {
                context.warn(Boundaries.STUCK);
                finished = finished.logicalOr(boundaries.reachable().logicalNot());
            }
            active.write(result, adversarials, finished);
            active.retain(finished.logicalNot());
        }
    }

    private NDArray linearisationPoint(State active) {
        NDArray perturbation = active.perturbation.get();
        return parameters.clip()
                ? overshot(active.images(), perturbation)
                : active.images().add(perturbation);
    }

    private NDArray overshot(NDArray images, NDArray perturbation) {
        NDArray moved = perturbation.mul(1 + parameters.overshoot()).addi(images);
        Bounds bounds = classifier.bounds();
        return parameters.clip() ? moved.clip(bounds.min(), bounds.max()) : moved;
    }

    /** The samples that are not fooled yet. */
    private static final class State extends ActiveSamples {

        final PerSample perturbation;

        /** Known from the first logits on; until then the labels stand in their place. */
        final PerSample candidates;

        /** By how much steps from a boundary are longer than the shortest that could show. */
        final PerSample growth;

        State(NDArray images, Criterion criterion, SampleRandom random) {
            super(images, criterion, random);
            perturbation = keep(images.zerosLike());
            candidates = keep(criterion.labels());
            growth = keep(images.getManager().ones(images.getShape().slice(0, 1)));
        }
    }
}
