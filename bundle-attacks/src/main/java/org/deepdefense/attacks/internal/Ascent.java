package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Classifier;

/** Steepest ascent on the loss of a criterion, inside a ball. */
final class Ascent {

    /** What to warn of where there is nothing to ascend. */
    static final String ZERO_GRADIENTS =
            "the gradients of a whole batch are zero: the network masks them, so that an attack"
                    + " without gradients may do better";

    private Ascent() {}

    /**
     * Takes steps of one length.
     *
     * @param classifier the network under attack
     * @param ball where to stay
     * @param start the first images (N, C, H, W), inside the ball; closed by the first step
     * @param criterion whose loss is to grow
     * @param context of the attack
     * @param steps how many steps
     * @param length their length in the norm of the ball
     * @return the last images
     */
    static NDArray climb(
            Classifier classifier,
            Ball ball,
            NDArray start,
            Criterion criterion,
            AttackContext<?> context,
            int steps,
            double length) {
        NDArray images = start;
        for (int step = 0; step < steps; step++) {
            context.checkCancelled();
            NDArray next;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray gradient = classifier.lossGradient(images, criterion::loss).gradient();
                if (isZero(gradient)) {
                    context.warn(ZERO_GRADIENTS);
                }
                next = ball.step(images, gradient, length);
                NDScope.unregister(next);
            }
            images.close();
            images = next;
        }
        NDScope.register(images);
        return images;
    }

    /** Tells whether there is nothing to ascend. */
    static boolean isZero(NDArray gradient) {
        return gradient.max().getFloat() == 0 && gradient.min().getFloat() == 0;
    }
}
