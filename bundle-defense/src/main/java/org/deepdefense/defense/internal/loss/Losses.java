// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.deepdefense.attack.Logits;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Shard;

/** Losses that several defenses share. */
public final class Losses {

    private static final int[] CLASSES = {1};

    private Losses() {}

    /**
     * Returns the cross-entropy of each sample.
     *
     * @param logits logits (N, K)
     * @param labels classes (N), int64
     * @return losses (N), differentiable
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels) {
        // Chosen, not multiplied: a class that is ruled out has minus infinity.
        return logits.logSoftmax(1).gather(labels.expandDims(1), 1).squeeze(1).neg();
    }

    /**
     * Returns the loss of plain training: what some rows add to the mean cross-entropy of a batch.
     *
     * @param context gives the logits
     * @param shard the rows
     * @return a scalar, differentiable
     */
    public static NDArray plain(DefenseContext<?> context, Shard shard) {
        return shard.shareOfMean(
                crossEntropy(context.trainingLogits(shard.images()), shard.labels()));
    }

    /**
     * Returns the logarithm of the probability of all classes of each sample but one together,
     * log(1 − p_k), without the rounding of that difference.
     *
     * @param logits logits (N, K)
     * @param classes the classes k that are left out (N), int64
     * @return logarithms (N), differentiable
     */
    public static NDArray logOfOthers(NDArray logits, NDArray classes) {
        NDArray others = Logits.finite(Logits.without(logits, classes));
        return logSumExp(others).sub(logSumExp(logits));
    }

    private static NDArray logSumExp(NDArray logits) {
        return logits.max(CLASSES).sub(logits.logSoftmax(1).max(CLASSES));
    }

    /**
     * Returns the Kullback-Leibler divergence Σ_k p_k·(log p_k − log q_k) of each sample.
     *
     * @param p logits (N, K) of the probabilities p
     * @param q logits (N, K) of the probabilities q
     * @return divergences (N), differentiable by both
     */
    public static NDArray divergence(NDArray p, NDArray q) {
        NDArray probabilities = p.softmax(1);
        NDArray difference = p.logSoftmax(1).sub(q.logSoftmax(1));
        // Chosen, not multiplied: the difference for a class that is ruled out is not a number.
        NDArray possible = probabilities.stopGradient().gt(0);
        return NDArrays.where(possible, difference, difference.zerosLike())
                .mul(probabilities)
                .sum(CLASSES);
    }
}
