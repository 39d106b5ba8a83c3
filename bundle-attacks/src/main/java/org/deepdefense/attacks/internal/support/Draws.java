// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.SampleRandom;

/** Discrete random choices, made from uniform numbers of which each sample has its own. */
public final class Draws {

    private Draws() {}

    /**
     * Draws −1 and 1 with equal probability.
     *
     * @param random the streams of N samples
     * @param manager the owner of the result
     * @param sample the shape of one sample
     * @return signs (N, shape of a sample), float32
     */
    public static NDArray signs(SampleRandom random, NDManager manager, Shape sample) {
        return signs(random.uniform(manager, sample, 0, 1));
    }

    /** Turns numbers from [0, 1] into signs. */
    public static NDArray signs(NDArray uniform) {
        return uniform.gte(0.5).toType(DataType.FLOAT32, false).muli(2).subi(1);
    }

    /**
     * Turns numbers from [0, 1] into the integers 0 … count − 1, still as float32. The rounding of
     * a draw to float32 can make it exactly 1.
     */
    public static NDArray integers(NDArray uniform, long count) {
        return uniform.mul(count).floor().minimum(count - 1);
    }
}
