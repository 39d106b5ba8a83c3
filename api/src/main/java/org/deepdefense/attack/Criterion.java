// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Objects;
import org.deepdefense.model.Constants;

/**
 * What an attack is to reach, for each sample of a batch: that it is not classified as its label,
 * or, where the sample is targeted, that it is.
 */
public final class Criterion {

    private static final int[] AXIS = {1};

    /** What float32 leaves of the doubts of a network that is sure. */
    private static final double TRACE = 0x1p-24;

    private final NDArray labels;
    private final NDArray targeted;

    private Criterion(NDArray labels, NDArray targeted) {
        this.labels = Objects.requireNonNull(labels);
        this.targeted = Objects.requireNonNull(targeted);
    }

    /**
     * Every sample is to be classified as something else than its label.
     *
     * @param labels classes (N), int64
     * @return the criterion
     */
    public static Criterion misclassification(NDArray labels) {
        return of(labels, labels.zerosLike().toType(DataType.BOOLEAN, false));
    }

    /**
     * Every sample is to be classified as its target.
     *
     * @param targets classes (N), int64
     * @return the criterion
     */
    public static Criterion targeted(NDArray targets) {
        return of(targets, targets.onesLike().toType(DataType.BOOLEAN, false));
    }

    /**
     * Some samples are to be classified as their label, the others as anything else.
     *
     * @param labels classes (N), int64
     * @param targeted whether the label is the target (N), boolean
     * @return the criterion
     */
    public static Criterion of(NDArray labels, NDArray targeted) {
        return new Criterion(labels, targeted);
    }

    /**
     * Returns the class that each sample is to leave or, where it is targeted, to reach.
     *
     * @return classes (N), int64
     */
    public NDArray labels() {
        return labels;
    }

    /**
     * Returns for which samples the label is the target.
     *
     * @return booleans (N)
     */
    public NDArray targeted() {
        return targeted;
    }

    /**
     * Tells which samples have reached it.
     *
     * @param logits logits (N, K)
     * @return booleans (N)
     */
    public NDArray isAdversarial(NDArray logits) {
        NDArray hit = logits.argMax(1).eq(labels);
        return hit.eq(targeted);
    }

    /**
     * Returns the loss that an attack increases: the cross-entropy of the label, or its negative
     * where the sample is targeted.
     *
     * <p>Where a network is so sure that float32 leaves nothing of the cross-entropy, as with large
     * logits, its slope would vanish. So a trace, 2⁻²⁴ times the logarithm of the odds against the
     * label, is added, which has the same direction and never vanishes; elsewhere it is lost in
     * rounding. Classes masked by logits of −∞ are left out.
     *
     * @param logits logits (N, K)
     * @return losses (N), differentiable
     */
    public NDArray loss(NDArray logits) {
        NDArray column = labels.reshape(-1, 1);
        // Chosen, not multiplied: a class that is ruled out has minus infinity.
        NDArray logProbability = logits.logSoftmax(1).gather(column, 1).flatten();
        NDArray odds = logits.gather(column, 1).flatten().sub(others(logits));
        NDArray sum = logProbability.add(odds.mul(Constants.scalar(TRACE, odds)));
        return NDArrays.where(targeted, sum, sum.neg());
    }

    /** Returns the logarithm of the sum of the exponentials of all logits but the label's (N). */
    private NDArray others(NDArray logits) {
        NDArray lowest =
                logits.getManager().full(logits.getShape(), -Float.MAX_VALUE, logits.getDataType());
        NDArray isLabel = labels.oneHot((int) logits.getShape().get(1), DataType.BOOLEAN);
        NDArray others = NDArrays.maximum(NDArrays.where(isLabel, lowest, logits), lowest);
        return others.max(AXIS).sub(others.logSoftmax(1).max(AXIS));
    }

    /**
     * Returns the criterion of some of the samples.
     *
     * @param rows the indices of the samples (M), int64
     * @return their criterion
     */
    public Criterion select(NDArray rows) {
        return new Criterion(
                labels.get(new NDIndex("{}", rows)), targeted.get(new NDIndex("{}", rows)));
    }
}
