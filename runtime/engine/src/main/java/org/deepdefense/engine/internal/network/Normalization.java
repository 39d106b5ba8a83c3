// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/**
 * What a network does to pixels first: {@code scale·x − mean}.
 *
 * @param scale what pixels are multiplied by
 * @param mean what is subtracted then, in the shape (C, H, W) of one image
 */
public record Normalization(double scale, Optional<NDArray> mean) {

    /** Pixels as they are. */
    public static final Normalization IDENTITY = new Normalization(1, Optional.empty());

    /**
     * Copies the mean.
     *
     * @param manager the owner of the copy
     * @return an equal normalisation
     */
    Normalization copy(NDManager manager) {
        return new Normalization(
                scale,
                mean.map(
                        array -> {
                            NDArray copy = array.duplicate();
                            copy.attach(manager);
                            return copy;
                        }));
    }
}
