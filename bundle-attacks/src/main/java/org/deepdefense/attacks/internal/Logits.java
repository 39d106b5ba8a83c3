// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Constants;

/**
 * What attacks ask of logits (N, K), whatever their scale. A network may mask classes by logits of
 * −∞ or of the most negative float; a difference from these overflows, so they are never
 * candidates.
 */
final class Logits {

    /** A logit down here is a mask. */
    private static final float MASK = -1e38f;

    /** A difference of logits below this fraction of them may be no more than rounding. */
    private static final double ROUNDING = Math.ulp(1f);

    private static final int CLASS = 1;

    private Logits() {}

    /**
     * Returns the logit of one class for each sample.
     *
     * @param logits logits (N, K)
     * @param classes classes (N), int64
     * @return logits (N), differentiable
     */
    static NDArray of(NDArray logits, NDArray classes) {
        return logits.gather(classes.reshape(-1, 1), CLASS).flatten();
    }

    /**
     * Leaves one class of each sample out of maxima.
     *
     * @param logits logits (N, K)
     * @param classes the classes to leave out (N), int64
     * @return logits (N, K), differentiable, with −∞ in the place of these classes
     */
    static NDArray without(NDArray logits, NDArray classes) {
        int count = Math.toIntExact(logits.getShape().get(CLASS));
        NDArray none =
                logits.getManager()
                        .full(logits.getShape(), Float.NEGATIVE_INFINITY, logits.getDataType());
        return NDArrays.where(classes.oneHot(count, DataType.BOOLEAN), none, logits);
    }

    /**
     * Returns the strongest classes besides the label. Where there are fewer that are not masked,
     * the strongest one stands in for the others.
     *
     * @param logits logits (N, K) without a graph
     * @param criterion whose labels, or targets, are left out
     * @param count how many classes, fewer than K
     * @return classes (N, count), int64, the strongest first
     */
    static NDArray rivals(NDArray logits, Criterion criterion, int count) {
        var strongest = without(logits, criterion.labels()).topK(count, CLASS);
        NDArray classes = strongest.get(1);
        NDArray first = classes.get(new NDIndex(":, :1")).broadcast(classes.getShape());
        return NDArrays.where(isMasked(strongest.get(0)), first, classes);
    }

    /** Tells which logits stand for classes that a network never chooses. */
    static NDArray isMasked(NDArray logits) {
        return logits.lte(MASK);
    }

    /**
     * Replaces −∞ by the most negative float, whose products with 0 are 0.
     *
     * @param logits logits of any shape, differentiable
     */
    static NDArray finite(NDArray logits) {
        return NDArrays.maximum(logits, Constants.scalar(-Float.MAX_VALUE, logits));
    }

    /**
     * Returns how large a difference of logits must be to be told from a tie.
     *
     * @param size the larger absolute value of the two logits, an array of any shape
     */
    static NDArray resolution(NDArray size) {
        return size.mul(ROUNDING);
    }

    /**
     * Returns by what to divide differences of logits where these are unusually large or small, so
     * that a loss that is weighed against distances of pixels does not depend on their scale: the
     * lead of the strongest class, or, where that is next to nothing, its lead over the third.
     *
     * @param logits logits (N, K) without a graph
     * @return divisors (N), 1 for logits of ordinary size
     */
    static NDArray scales(NDArray logits) {
        int count = (int) Math.min(3, logits.getShape().get(CLASS));
        NDArray strongest = logits.topK(count, CLASS).get(0);
        NDArray first = strongest.get(":, 0");
        NDArray lead = first.sub(strongest.get(new NDIndex(":, {}", Math.min(1, count - 1))));
        NDArray overThird = first.sub(strongest.get(new NDIndex(":, {}", count - 1)));
        return Scales.of(NDArrays.where(lead.lt(Scales.LEAST), overThird, lead));
    }
}
