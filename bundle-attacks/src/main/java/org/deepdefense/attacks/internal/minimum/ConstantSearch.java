// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * The search for the smallest constant with which minimising distance + constant · loss still ends
 * beyond the boundary, for each of N samples: times ten until it does, then bisection (Carlini,
 * Wagner, S&P 2017, section V and their code). It ends at 10¹⁰, as in their code: larger constants
 * overflow, and leave nothing of the distance.
 */
final class ConstantSearch {

    private static final NDIndex ALL = new NDIndex(":");

    private static final double MOST = 1e10;

    private final NDArray constants;
    private final NDArray low;
    private final NDArray high;

    /**
     * Starts all samples with one constant.
     *
     * @param images images (N, C, H, W)
     * @param initial the first constant
     */
    ConstantSearch(NDArray images, double initial) {
        Shape shape = new Shape(images.getShape().get(0));
        constants = images.getManager().full(shape, (float) initial);
        low = images.getManager().zeros(shape);
        high = images.getManager().full(shape, Float.POSITIVE_INFINITY);
    }

    /** Returns the constants to try next (N). */
    NDArray constants() {
        return constants;
    }

    /**
     * Narrows the search.
     *
     * @param success which samples succeeded with their constant (N), boolean
     */
    void narrow(NDArray success) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            high.set(ALL, NDArrays.where(success, constants, high));
            low.set(ALL, NDArrays.where(success, low, constants));
            NDArray next =
                    NDArrays.where(
                            high.isInfinite(),
                            constants.mul(10).minimum(MOST),
                            low.add(high).divi(2));
            constants.set(ALL, next);
        }
    }
}
