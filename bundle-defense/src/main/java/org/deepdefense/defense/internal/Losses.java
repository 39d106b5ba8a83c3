package org.deepdefense.defense.internal;

import ai.djl.ndarray.NDArray;

/** Losses that several defenses share. */
final class Losses {

    private static final int[] CLASSES = {1};

    private Losses() {}

    /**
     * Returns the cross-entropy of each sample.
     *
     * @param logits logits (N, K)
     * @param labels classes (N), int64
     * @return losses (N), differentiable
     */
    static NDArray crossEntropy(NDArray logits, NDArray labels) {
        int classes = Math.toIntExact(logits.getShape().get(1));
        return logits.logSoftmax(1).mul(labels.oneHot(classes)).sum(CLASSES).neg();
    }
}
