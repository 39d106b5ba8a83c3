package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Objects;

/**
 * What an attack is to reach, for each sample of a batch: that it is not classified as its label,
 * or, where the sample is targeted, that it is.
 */
public final class Criterion {

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
     * @param logits logits (N, K)
     * @return losses (N), differentiable
     */
    public NDArray loss(NDArray logits) {
        NDArray logProbability =
                // Chosen, not multiplied: a class that is ruled out has minus infinity.
                logits.logSoftmax(1).gather(labels.expandDims(1), 1).squeeze(1);
        return NDArrays.where(targeted, logProbability, logProbability.neg());
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
