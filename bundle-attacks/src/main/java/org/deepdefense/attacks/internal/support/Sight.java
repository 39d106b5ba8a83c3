// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLoss;
import org.deepdefense.model.Classifier;

/**
 * What a gradient attack sees of the network at a point, without a graph.
 *
 * @param logits logits (N, K)
 * @param gradient gradients of the losses with respect to the images (N, C, H, W)
 */
public record Sight(NDArray logits, NDArray gradient) {

    /**
     * Looks once forward and once back. The arrays belong to the innermost {@link
     * ai.djl.ndarray.NDScope}, of which there must be one.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W)
     * @param loss the loss of these images
     */
    public static Sight at(Classifier classifier, NDArray images, LogitLoss loss) {
        NDArray x = images.stopGradient();
        x.setRequiresGradient(true);
        NDArray output = classifier.logits(x);
        NDArray logits = output.stopGradient();
        return new Sight(logits, classifier.gradient(output, x, loss.derivative(logits), false));
    }

    /** Looks at the loss of a criterion. */
    public static Sight at(Classifier classifier, NDArray images, Criterion criterion) {
        return at(classifier, images, criterion.loss());
    }
}
