// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.AdversarialStarts;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Masks;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * Leaves the class of an image by steps along the gradient of its margin, each half as far again as
 * the linearised boundary.
 *
 * @param classifier shows gradients
 * @param context of the attack, which is warned if all gradients vanish
 */
record LinearisedStarts(Classifier classifier, AttackContext<?> context)
        implements AdversarialStarts.Guess {

    /** Samples that resist so many steps are hardly moved by any. */
    private static final int STEPS = 50;

    /** The length of a step, as a multiple of the distance to the linearised boundary. */
    private static final double LENGTH = 1.5;

    /** Stands for a distance without end, and leaves room for products. */
    private static final double FAR = 1e30;

    @Override
    public NDArray find(NDArray images, Criterion criterion, NDArray starts) {
        NDArray found = Masks.none(criterion.targeted());
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            PerSample current = active.keep(images);
            for (int step = 0; step <= STEPS && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray x = current.get();
                    Classifier.LossGradient margin =
                            classifier.lossGradient(
                                    x, logits -> Margins.of(logits, active.criterion()));
                    if (step == 0 && Ascent.isZero(margin.gradient())) {
                        context.warn(Ascent.ZERO_GRADIENTS);
                    }
                    NDArray reached = active.criterion().isAdversarial(margin.logits());
                    active.write(starts, x, reached);
                    active.write(found, reached);
                    current.set(moved(x, margin, active.criterion()));
                    active.retain(reached.logicalNot());
                }
            }
        }
        return found;
    }

    private NDArray moved(NDArray x, Classifier.LossGradient margin, Criterion criterion) {
        Bounds bounds = classifier.bounds();
        NDArray least = Margins.resolution(margin.logits(), criterion);
        NDArray distance =
                NDArrays.maximum(margin.loss(), least)
                        .div(Norm.L2.of(margin.gradient()).maximum(Float.MIN_NORMAL))
                        .minimum(FAR);
        NDArray length = distance.maximum(Boundaries.nudge(x, bounds, Norm.L2)).mul(LENGTH);
        return x.sub(Images.unit(margin.gradient()).mul(Norm.broadcast(length, x)))
                .clip(bounds.min(), bounds.max());
    }
}
