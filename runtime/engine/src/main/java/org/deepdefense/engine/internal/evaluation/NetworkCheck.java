// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.model.Classifier;

/** Looks at a network for what makes the numbers of any attack doubtful. */
final class NetworkCheck {

    private static final int[] ROW = {1};

    /** How far probabilities may be from a sum of one in float arithmetic. */
    private static final float PROBABILITY_TOLERANCE = 1e-4f;

    private NetworkCheck() {}

    /**
     * Checks the network on the first images, and warns.
     *
     * @param subject the network and the images
     * @param images how many images to look at
     * @param control takes the warnings
     */
    static void check(Subject subject, int images, JobControl control) {
        OpenDataset dataset = subject.dataset();
        int[] indices = IntStream.range(0, Math.min(images, dataset.size())).toArray();
        Classifier classifier = subject.classifier();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray pixels = dataset.images(manager, indices);
            NDArray logits = classifier.predict(pixels);
            if (isProbabilities(logits)) {
                control.warn(
                        "The outputs of "
                                + subject.name()
                                + " look like probabilities: let the network return logits, or its"
                                + " gradients vanish where it is sure");
            }
            if (!subject.network().hasGradient()) {
                return;
            }
            Criterion criterion = Criterion.misclassification(logits.argMax(1));
            NDArray gradient =
                    Autograd.recording(
                            true,
                            () -> classifier.lossGradient(pixels, criterion.loss()).gradient());
            if (gradient.abs().max().getFloat() == 0) {
                control.warn(
                        "All gradients of "
                                + subject.name()
                                + " are zero on the first "
                                + indices.length
                                + " images: an attack that fails for want of gradients says nothing"
                                + " about robustness (gradient masking)");
            }
        }
    }

    private static boolean isProbabilities(NDArray logits) {
        return logits.min().getFloat() >= 0
                && logits.sum(ROW).sub(1).abs().max().getFloat() <= PROBABILITY_TOLERANCE;
    }
}
