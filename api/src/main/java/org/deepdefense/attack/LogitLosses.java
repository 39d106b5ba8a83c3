// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** The usual losses of logits. */
public final class LogitLosses {

    private LogitLosses() {}

    /**
     * The cross-entropy of the label, −log p_y, or its negative where the sample is targeted.
     *
     * <p>Where a network is so sure that float32 leaves nothing of the cross-entropy, as with large
     * logits, its slope would vanish. So a trace, 2⁻²⁴ times the logarithm of the odds against the
     * label, is added, which has the same direction and never vanishes; elsewhere it is lost in
     * rounding. Classes masked by logits of −∞ are left out.
     *
     * @param labels classes (N), int64
     * @param targeted whether the label is to be reached instead of left (N), boolean
     * @return the loss
     */
    public static LogitLoss crossEntropy(NDArray labels, NDArray targeted) {
        return new CrossEntropyLoss(labels, targeted);
    }

    /**
     * The margin max_{k≠y} z_k − z_y, or its negative where the sample is targeted: above 0 exactly
     * where the sample has reached its goal.
     *
     * @param labels classes (N), int64
     * @param targeted whether the label is to be reached instead of left (N), boolean
     * @return the loss
     */
    public static LogitLoss margin(NDArray labels, NDArray targeted) {
        return new MarginLoss(labels, targeted);
    }

    /**
     * The difference of logits ratio: the margin divided by the spread of the largest logits, so
     * that their scale does not matter. With three classes or fewer, for which it is not defined,
     * and where the largest logits are equal or masked, it is the margin.
     *
     * @param labels classes (N), int64
     * @param targeted whether the label is to be reached instead of left (N), boolean
     * @return the loss
     * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of
     *     Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020,
     *     equations 6 and 7</a>
     */
    public static LogitLoss logitsRatio(NDArray labels, NDArray targeted) {
        return new LogitsRatioLoss(labels, targeted, Optional.empty());
    }

    /**
     * The targeted difference of logits ratio: how far the label is behind a class.
     *
     * @param labels classes (N), int64
     * @param targeted whether the label is to be reached instead of left (N), boolean
     * @param rivals the class of each sample that is to win (N), int64; where the sample is
     *     targeted, the best other class takes its place
     * @return the loss
     * @see #logitsRatio(NDArray, NDArray)
     */
    public static LogitLoss logitsRatio(NDArray labels, NDArray targeted, NDArray rivals) {
        return new LogitsRatioLoss(labels, targeted, Optional.of(rivals));
    }

    /**
     * The Kullback-Leibler divergence Σ_k p_k·(log p_k − log q_k) of the network's probabilities q
     * from given ones, which TRADES increases. Its slope is 0 where both are the same: an attack
     * has to start elsewhere than at the image that the probabilities are of.
     *
     * @param probabilities p (N, K), each row with the sum 1
     * @return the loss
     * @see <a href="https://arxiv.org/abs/1901.08573">Zhang, Yu, Jiao, Xing, El Ghaoui, Jordan:
     *     Theoretically Principled Trade-off between Robustness and Accuracy, ICML 2019</a>
     */
    public static LogitLoss divergence(NDArray probabilities) {
        return new DivergenceLoss(probabilities);
    }
}
