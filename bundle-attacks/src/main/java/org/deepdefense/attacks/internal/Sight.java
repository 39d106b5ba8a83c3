// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import java.util.function.Function;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Classifier;

/**
 * What a gradient attack sees of the network at a point, without a graph.
 *
 * @param logits logits (N, K)
 * @param loss the loss of the logits
 * @param gradient gradients of the losses with respect to the images (N, C, H, W)
 */
record Sight(NDArray logits, Loss loss, NDArray gradient) {

    /**
     * Looks once forward and once back. The arrays belong to the innermost {@link
     * ai.djl.ndarray.NDScope}, of which there must be one.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W)
     * @param loss the loss of logits without a graph
     */
    static Sight at(Classifier classifier, NDArray images, Function<NDArray, Loss> loss) {
        NDArray x = images.stopGradient();
        x.setRequiresGradient(true);
        NDArray output = classifier.logits(x);
        NDArray logits = output.stopGradient();
        Loss value = loss.apply(logits);
        return new Sight(logits, value, classifier.gradient(output, x, value.derivative(), false));
    }

    /** Looks at the cross-entropy. */
    static Sight at(Classifier classifier, NDArray images, Criterion criterion) {
        return at(classifier, images, logits -> Loss.crossEntropy(logits, criterion));
    }
}
