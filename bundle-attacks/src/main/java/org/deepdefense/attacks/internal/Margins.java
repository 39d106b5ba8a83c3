// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.deepdefense.attack.Criterion;

/** How far logits are from fulfilling a criterion. */
final class Margins {

    private static final int[] CLASSES = {1};

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
    static NDArray of(NDArray logits, Criterion criterion) {
        NDArray label = Logits.of(logits, criterion.labels());
        NDArray other = Logits.without(logits, criterion.labels()).max(CLASSES);
        NDArray margin = label.sub(other);
        return NDArrays.where(criterion.targeted(), margin.neg(), margin);
    }

    /**
     * Returns how large a margin must be to be told from a tie.
     *
     * @param logits logits (N, K) without a graph
     * @param criterion what to reach
     * @return margins (N), not negative
     */
    static NDArray resolution(NDArray logits, Criterion criterion) {
        return Logits.resolution(size(logits, criterion));
    }

    /** Returns the larger absolute value of the two logits of each margin (N). */
    static NDArray size(NDArray logits, Criterion criterion) {
        NDArray label = Logits.of(logits, criterion.labels());
        NDArray other = Logits.without(logits, criterion.labels()).max(CLASSES);
        return NDArrays.maximum(label.abs(), other.abs());
    }
}
