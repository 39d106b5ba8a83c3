// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import java.util.stream.LongStream;

/** Questions to arrays of booleans, answered at once: a sum would be a computation of its own. */
public final class Masks {

    private Masks() {}

    /** Tells whether any of N booleans is true. */
    public static boolean any(NDArray mask) {
        for (boolean set : mask.toBooleanArray()) {
            if (set) {
                return true;
            }
        }
        return false;
    }

    /** Returns as many booleans as a mask has, all of them false. */
    public static NDArray none(NDArray mask) {
        return mask.logicalXor(mask);
    }

    /**
     * Finds.
     *
     * @param mask booleans
     * @param value what to look for
     * @return where the mask has this value
     */
    public static long[] positions(boolean[] mask, boolean value) {
        return LongStream.range(0, mask.length).filter(i -> mask[(int) i] == value).toArray();
    }
}
