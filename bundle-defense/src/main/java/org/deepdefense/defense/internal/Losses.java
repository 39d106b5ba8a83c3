// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import ai.djl.ndarray.NDArray;

/** Losses that several defenses share. */
final class Losses {

    private Losses() {}

    /**
     * Returns the cross-entropy of each sample.
     *
     * @param logits logits (N, K)
     * @param labels classes (N), int64
     * @return losses (N), differentiable
     */
    static NDArray crossEntropy(NDArray logits, NDArray labels) {
        // Chosen, not multiplied: a class that is ruled out has minus infinity.
        return logits.logSoftmax(1).gather(labels.expandDims(1), 1).squeeze(1).neg();
    }
}
