// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Boundaries;
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

    private static final int PERTURBATION = 0;
    private static final int CANDIDATES = 1;
    private static final int GROWTH = 2;

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
                ActiveSamples active = start(images, criterion)) {
            scope.suppressNotUsedWarning();
            for (int i = 0; i < parameters.iterations() && !active.isEmpty(); i++) {
                context.checkCancelled();
                step(active, result, i == 0);
            }
            if (!active.isEmpty()) {
                active.write(result, overshot(active.images(), active.state(PERTURBATION)));
            }
        }
        return result;
    }

    /** The candidates follow from the first logits; until then the labels stand in their place. */
    private ActiveSamples start(NDArray images, Criterion criterion) {
        return new ActiveSamples(
                images,
                criterion,
                context.random(),
                images.zerosLike(),
                criterion.labels(),
                images.getManager().ones(images.getShape().slice(0, 1)));
    }

    /** Makes one step, writes finished samples into the result, and lets them go. */
    private void step(ActiveSamples active, NDArray result, boolean first) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = linearisationPoint(active).stopGradient();
            x.setRequiresGradient(true);
            NDArray logits = classifier.logits(x);
            if (first) {
                active.replace(
                        CANDIDATES,
                        Boundaries.candidates(logits, active.criterion(), parameters.candidates())
                                .transpose(BY_SAMPLE));
            }
            NDArray candidates = active.state(CANDIDATES).transpose(BY_SAMPLE);
            Boundaries boundaries =
                    Boundaries.nearest(
                            classifier,
                            x,
                            logits,
                            active.criterion(),
                            candidates,
                            norm,
                            active.state(GROWTH));
            active.replace(GROWTH, boundaries.next(active.state(GROWTH)));
            double beyond = parameters.clip() ? BEYOND * classifier.bounds().range() : 0;
            active.replace(
                    PERTURBATION, boundaries.steps(norm, beyond).addi(active.state(PERTURBATION)));
            NDArray adversarials = overshot(active.images(), active.state(PERTURBATION));
            NDArray finished = active.criterion().isAdversarial(classifier.predict(adversarials));
            if (!boundaries.allReachable()) {
                context.warn(Boundaries.STUCK);
                finished = finished.logicalOr(boundaries.reachable().logicalNot());
            }
            active.write(result, adversarials, finished);
            active.retain(finished.logicalNot());
        }
    }

    private NDArray linearisationPoint(ActiveSamples active) {
        NDArray perturbation = active.state(PERTURBATION);
        return parameters.clip()
                ? overshot(active.images(), perturbation)
                : active.images().add(perturbation);
    }

    private NDArray overshot(NDArray images, NDArray perturbation) {
        NDArray moved = perturbation.mul(1 + parameters.overshoot()).addi(images);
        Bounds bounds = classifier.bounds();
        return parameters.clip() ? moved.clip(bounds.min(), bounds.max()) : moved;
    }
}
