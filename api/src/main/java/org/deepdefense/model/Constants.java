// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers for computations that are differentiated.
 *
 * <p>DJL's arithmetic with Java numbers, such as {@code x.mul(2)}, keeps the number in memory of
 * the garbage collector, which may free it while the recorded graph still refers to it: the
 * gradient is then wrong, rarely and without a sign. So arrays that carry a graph are multiplied,
 * divided and compared with constants made here. (Additions and subtractions don't keep the
 * number.)
 */
public final class Constants {

    private Constants() {}

    /**
     * Returns a number as an array whose memory belongs to the engine.
     *
     * @param value the number
     * @param like an array whose manager and type the constant gets
     * @return a scalar
     */
    public static NDArray scalar(double value, NDArray like) {
        return like.getManager().full(new Shape(), (float) value, like.getDataType());
    }
}
