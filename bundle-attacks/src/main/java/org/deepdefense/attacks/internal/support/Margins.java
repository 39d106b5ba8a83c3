// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.Logits;

/** How far logits are from fulfilling a criterion. */
public final class Margins {

    private static final int[] CLASSES = {1};

    /** A difference of logits below this fraction of them may be no more than rounding. */
    private static final double ROUNDING = Math.ulp(1f);

    private Margins() {}

    /**
     * Returns z_y − max_{k≠y} z_k for the label y of an untargeted sample, and max_{k≠t} z_k − z_t
     * for the target t of a targeted one: positive while the sample resists, negative when it is
     * adversarial.
     *
     * @param logits logits (N, K)
     * @param criterion what to reach
     * @return margins (N), differentiable
     */
    public static NDArray of(NDArray logits, Criterion criterion) {
        return LogitLosses.margin(criterion.labels(), criterion.targeted()).value(logits).neg();
    }

    /**
     * Returns how large a margin must be to be told from a tie.
     *
     * @param logits logits (N, K) without a graph
     * @param criterion what to reach
     * @return margins (N), not negative
     */
    public static NDArray resolution(NDArray logits, Criterion criterion) {
        return resolution(size(logits, criterion));
    }

    /**
     * Returns how large a difference of logits must be to be told from a tie.
     *
     * @param size the larger absolute value of the two logits, an array of any shape
     */
    public static NDArray resolution(NDArray size) {
        return size.mul(ROUNDING);
    }

    /** Returns the larger absolute value of the two logits of each margin (N). */
    public static NDArray size(NDArray logits, Criterion criterion) {
        NDArray label = Logits.of(logits, criterion.labels());
        NDArray other = Logits.without(logits, criterion.labels()).max(CLASSES);
        return NDArrays.maximum(label.abs(), other.abs());
    }
}
