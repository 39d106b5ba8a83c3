// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;

/**
 * Divisors that bring quantities of an unusual size near 1, so that their squares neither overflow
 * nor vanish, and leave ordinary ones as they are, to the last bit.
 */
public final class Scales {

    /** The smallest and the largest ordinary size. */
    public static final double LEAST = 1e-3;

    private static final double MOST = 1e3;

    /** Beyond this a size is no number to divide by: infinite, or the difference from a mask. */
    private static final double TOO_LARGE = 1e38;

    private Scales() {}

    /**
     * Returns divisors.
     *
     * @param sizes sizes, not negative, of any shape
     * @return the sizes, or 1 where they are ordinary, 0 or no number to divide by
     */
    public static NDArray of(NDArray sizes) {
        NDArray unusual =
                sizes.lt(LEAST)
                        .logicalOr(sizes.gt(MOST))
                        .logicalAnd(sizes.gte(Float.MIN_NORMAL))
                        .logicalAnd(sizes.lt(TOO_LARGE));
        return NDArrays.where(unusual, sizes, sizes.onesLike());
    }

    /**
     * Returns by what to divide differences of logits where these are unusually large or small, so
     * that a loss that is weighed against distances of pixels does not depend on their scale: the
     * lead of the strongest class, or, where that is next to nothing, its lead over the third.
     *
     * @param logits logits (N, K) without a graph
     * @return divisors (N), 1 for logits of ordinary size
     */
    public static NDArray ofLogits(NDArray logits) {
        int count = (int) Math.min(3, logits.getShape().get(1));
        NDArray strongest = logits.topK(count, 1).get(0);
        NDArray first = strongest.get(":, 0");
        NDArray lead = first.sub(strongest.get(new NDIndex(":, {}", Math.min(1, count - 1))));
        NDArray overThird = first.sub(strongest.get(new NDIndex(":, {}", count - 1)));
        return of(NDArrays.where(lead.lt(LEAST), overThird, lead));
    }
}
