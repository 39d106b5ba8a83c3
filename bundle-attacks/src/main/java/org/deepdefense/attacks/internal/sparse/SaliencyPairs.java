// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;

/**
 * The most salient pairs of D pixels in N images (Papernot et al., EuroS&amp;P 2016, equations 8 to
 * 10 and algorithm 3): saliency is the gain of the target times the loss of the other classes,
 * summed over the two pixels, where both are positive.
 *
 * @param pixels 1 for the two pixels of the best pair, else 0 (N, D), float32
 * @param found whether an image has a pair of positive saliency (N), boolean; without one, no pixel
 *     is marked
 */
record SaliencyPairs(NDArray pixels, NDArray found) {

    /** How many pairs are compared at a time: 8 MB an array. */
    private static final int PAIRS = 1 << 21;

    /** A gain that keeps a pixel out of all pairs. */
    private static final float NONE = -1e30f;

    private static final int PIXEL = 1;

    /**
     * Finds the most salient pair of each image.
     *
     * @param gain how fast the target grows with the change of each pixel (N, D)
     * @param loss how fast the other classes fall together (N, D)
     * @param open which pixels may be changed (N, D), boolean
     * @return the pairs
     */
    static SaliencyPairs of(NDArray gain, NDArray loss, NDArray open) {
        int images = Math.toIntExact(gain.getShape().get(0));
        int pixels = Math.toIntExact(gain.getShape().get(PIXEL));
        NDArray available = NDArrays.where(open, gain, gain.onesLike().mul(NONE));
        NDArray all = gain.getManager().arange(0, pixels, 1, DataType.INT64);
        int block = Math.max(1, (int) (PAIRS / ((long) images * pixels)));
        NDList best = new NDList();
        for (int start = 0; start < pixels; start += block) {
            NDArray some = all.get(new NDIndex("{}:{}", start, Math.min(start + block, pixels)));
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray first = some.expandDims(0).broadcast(images, some.size());
                NDArray maximum = saliencies(available, loss, first, all).max(new int[] {2});
                NDScope.unregister(maximum);
                best.add(maximum);
            }
        }
        best.forEach(NDScope::register);
        NDArray bestOfFirst = NDArrays.concat(best, PIXEL);
        NDArray found = bestOfFirst.max(new int[] {PIXEL}).gt(0);
        NDArray first = bestOfFirst.argMax(PIXEL).reshape(-1, 1);
        NDArray second = saliencies(available, loss, first, all).argMax(2);
        NDArray marked =
                first.oneHot(pixels, DataType.FLOAT32)
                        .add(second.oneHot(pixels, DataType.FLOAT32))
                        .reshape(images, pixels)
                        .mul(found.toType(DataType.FLOAT32, false).reshape(-1, 1));
        return new SaliencyPairs(marked, found);
    }

    /** Returns the saliency (N, B, D) of B first pixels (N, B) with each second pixel (D). */
    private static NDArray saliencies(NDArray gain, NDArray loss, NDArray first, NDArray all) {
        NDArray same = first.expandDims(2).eq(all).toType(DataType.FLOAT32, false);
        return gain.gather(first, PIXEL)
                .expandDims(2)
                .add(gain.expandDims(1))
                .addi(same.muli(NONE))
                .maximum(0)
                .muli(loss.gather(first, PIXEL).expandDims(2).add(loss.expandDims(1)).maximum(0));
    }
}
