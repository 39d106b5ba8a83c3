// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import org.deepdefense.model.Constants;

/**
 * Some rows of a batch, or all of them.
 *
 * @param images their images (n, C, H, W)
 * @param labels their classes (n), int64
 * @param first the place of the first of them in the batch, from 0
 * @param batchSize how many rows the whole batch has
 */
public record Shard(NDArray images, NDArray labels, long first, long batchSize) {

    /**
     * Returns how many rows there are.
     *
     * @return n
     */
    public long size() {
        return labels.getShape().get(0);
    }

    /**
     * Returns what these rows add to the mean over the whole batch.
     *
     * @param values one number for each row (n)
     * @return their sum divided by the size of the batch, a scalar, differentiable
     */
    public NDArray shareOfMean(NDArray values) {
        return values.sum().div(Constants.scalar((double) batchSize, values));
    }
}
