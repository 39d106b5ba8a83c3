// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.model.Constants;

/**
 * What attacks and their losses ask of logits (N, K). A network may mask classes by logits of −∞ or
 * of the most negative float; a difference from these overflows, so they are never candidates.
 */
public final class Logits {

    /** A logit down here is a mask. */
    private static final float MASK = -1e38f;

    private static final int CLASS = 1;

    private Logits() {}

    /**
     * Returns the logit of one class for each sample.
     *
     * @param logits logits (N, K)
     * @param classes classes (N), int64
     * @return logits (N), differentiable
     */
    public static NDArray of(NDArray logits, NDArray classes) {
        return logits.gather(classes.reshape(-1, 1), CLASS).flatten();
    }

    /**
     * Marks one class of each sample.
     *
     * @param classes classes (N), int64
     * @param logits logits (N, K), whose shape and type the result has
     * @return 1 for these classes and 0 for all others (N, K)
     */
    public static NDArray oneHot(NDArray classes, NDArray logits) {
        return classes.oneHot(count(logits), logits.getDataType());
    }

    /**
     * Leaves one class of each sample out of maxima.
     *
     * @param logits logits (N, K)
     * @param classes the classes to leave out (N), int64
     * @return logits (N, K), differentiable, with −∞ in the place of these classes
     */
    public static NDArray without(NDArray logits, NDArray classes) {
        NDArray none =
                logits.getManager()
                        .full(logits.getShape(), Float.NEGATIVE_INFINITY, logits.getDataType());
        return NDArrays.where(classes.oneHot(count(logits), DataType.BOOLEAN), none, logits);
    }

    /**
     * Returns the strongest classes besides the label. Where there are fewer that are not masked,
     * the strongest one stands in for the others.
     *
     * @param logits logits (N, K) without a graph
     * @param labels classes (N), int64, that are left out
     * @param count how many classes, fewer than K
     * @return classes (N, count), int64, the strongest first
     */
    public static NDArray rivals(NDArray logits, NDArray labels, int count) {
        NDList strongest = without(logits, labels).topK(count, CLASS);
        NDArray classes = strongest.get(1);
        NDArray first = classes.get(new NDIndex(":, :1")).broadcast(classes.getShape());
        return NDArrays.where(isMasked(strongest.get(0)), first, classes);
    }

    /**
     * Tells which logits stand for classes that a network never chooses.
     *
     * @param logits logits of any shape
     * @return booleans of their shape
     */
    public static NDArray isMasked(NDArray logits) {
        return logits.lte(MASK);
    }

    /**
     * Replaces −∞ by the most negative float, whose products with 0 are 0.
     *
     * @param logits logits of any shape
     * @return finite logits, differentiable
     */
    public static NDArray finite(NDArray logits) {
        return NDArrays.maximum(logits, Constants.scalar(-Float.MAX_VALUE, logits));
    }

    private static int count(NDArray logits) {
        return Math.toIntExact(logits.getShape().get(CLASS));
    }
}
