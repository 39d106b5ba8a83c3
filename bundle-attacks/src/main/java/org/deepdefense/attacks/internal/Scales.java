// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/**
 * Divisors that bring quantities of an unusual size near 1, so that their squares neither overflow
 * nor vanish, and leave ordinary ones as they are, to the last bit.
 */
final class Scales {

    /** The smallest and the largest ordinary size. */
    static final double LEAST = 1e-3;

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
    static NDArray of(NDArray sizes) {
        NDArray unusual =
                sizes.lt(LEAST)
                        .logicalOr(sizes.gt(MOST))
                        .logicalAnd(sizes.gte(Float.MIN_NORMAL))
                        .logicalAnd(sizes.lt(TOO_LARGE));
        return NDArrays.where(unusual, sizes, sizes.onesLike());
    }
}
