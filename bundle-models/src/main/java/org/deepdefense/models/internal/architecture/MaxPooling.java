// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import org.deepdefense.djl.Autograd;

/** The maximum of each square of 2×2. */
final class MaxPooling {

    private static final Shape TWO = new Shape(2, 2);

    private MaxPooling() {}

    /**
     * Pools. PyTorch's own pooling remembers where each maximum was, which only a gradient needs,
     * and takes ten times as long on a CPU as the maximum of shifted images; but its gradient is
     * the faster one.
     *
     * @param maps arrays (N, C, H, W)
     * @return their maxima (N, C, ⌊H/2⌋, ⌊W/2⌋), differentiable if graphs are recorded
     */
    static NDArray pool(NDArray maps) {
        if (Autograd.isRecording() || maps.getDevice().isGpu()) {
            return Pool.maxPool2d(maps, TWO, TWO, new Shape(0, 0), false);
        }
        long height = maps.getShape().get(2) / 2 * 2;
        long width = maps.getShape().get(3) / 2 * 2;
        NDArray rows =
                maps.get(new NDIndex(":, :, 0:{}:2", height))
                        .maximum(maps.get(new NDIndex(":, :, 1:{}:2", height)));
        return rows.get(new NDIndex(":, :, :, 0:{}:2", width))
                .maximum(rows.get(new NDIndex(":, :, :, 1:{}:2", width)));
    }
}
