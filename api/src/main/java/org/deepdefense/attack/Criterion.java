// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an attack is to reach, for each sample of a batch: that it is not classified as its label,
 * or, where the sample is targeted, that it is.
 */
public final class Criterion {

    private final NDArray labels;
    private final NDArray targeted;
    private final Optional<LogitLoss> givenLoss;

    private Criterion(NDArray labels, NDArray targeted, Optional<LogitLoss> givenLoss) {
        this.labels = Objects.requireNonNull(labels);
        this.targeted = Objects.requireNonNull(targeted);
        this.givenLoss = givenLoss;
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
        return new Criterion(labels, targeted, Optional.empty());
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
     * Returns the loss that a gradient attack increases: the one that was given, or else {@link
     * LogitLosses#crossEntropy the cross-entropy} of the label, or its negative where the sample is
     * targeted.
     *
     * @return the loss of these samples
     */
    public LogitLoss loss() {
        return givenLoss.orElseGet(() -> LogitLosses.crossEntropy(labels, targeted));
    }

    /**
     * Returns the loss of each sample.
     *
     * @param logits logits (N, K)
     * @return the values (N) of {@link #loss()}, differentiable
     */
    public NDArray loss(NDArray logits) {
        return loss().value(logits);
    }

    /**
     * Returns the loss that was given, for attacks which otherwise increase one of their own, as
     * those on the difference of logits ratio do.
     *
     * @return the loss of {@link #withLoss}, if there is one
     */
    public Optional<LogitLoss> givenLoss() {
        return givenLoss;
    }

    /**
     * Gives attacks another loss to increase. What they are to reach stays the same: an attack that
     * stops as soon as a sample has reached it still does.
     *
     * @param loss the loss of the same samples
     * @return a criterion with this loss
     */
    public Criterion withLoss(LogitLoss loss) {
        return new Criterion(labels, targeted, Optional.of(loss));
    }

    /**
     * Returns the criterion of other samples.
     *
     * @param change is given each array of the criterion and its loss, which has one row a sample,
     *     and returns what takes its place
     * @return a criterion of the returned arrays
     */
    public Criterion map(UnaryOperator<NDArray> change) {
        return new Criterion(
                change.apply(labels),
                change.apply(targeted),
                givenLoss.map(loss -> loss.map(change)));
    }

    /**
     * Returns the criterion of some of the samples.
     *
     * @param rows the indices of the samples (M), int64
     * @return their criterion
     */
    public Criterion select(NDArray rows) {
        return map(array -> array.get(new NDIndex("{}", rows)));
    }
}
