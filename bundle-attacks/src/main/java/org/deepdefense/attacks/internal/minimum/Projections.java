// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Norm;

/** Nearest points, in the Euclidean norm, of balls around 0 that differ from sample to sample. */
final class Projections {

    private Projections() {}

    /**
     * Moves perturbations into balls.
     *
     * @param norm the norm of the balls
     * @param perturbations perturbations (N, …)
     * @param radius the radii of the balls (N), not negative; in L0, how many components to keep
     * @return perturbations (N, …) that are no longer than the radii
     */
    static NDArray project(Norm norm, NDArray perturbations, NDArray radius) {
        NDArray rows = perturbations.reshape(perturbations.getShape().get(0), -1);
        NDArray limits = radius.expandDims(1);
        NDArray projected =
                switch (norm) {
                    case L0 -> l0(rows, limits);
                    case L1 -> l1(rows, limits);
                    case L2 -> l2(rows, limits);
                    case LINF -> NDArrays.maximum(NDArrays.minimum(rows, limits), limits.neg());
                };
        return projected.reshape(perturbations.getShape());
    }

    /** Keeps the largest components; of equal ones, just as many as fit. */
    private static NDArray l0(NDArray rows, NDArray limits) {
        NDArray rank = rows.abs().argSort(1, false).argSort(1, true);
        return rows.mul(rank.toType(DataType.FLOAT32, false).lt(limits));
    }

    /**
     * Shrinks all components by the same amount (Duchi, Shalev-Shwartz, Singer, Chandra: Efficient
     * Projections onto the l1-Ball for Learning in High Dimensions, ICML 2008). That amount is the
     * largest that a number of leading components asks for.
     */
    private static NDArray l1(NDArray rows, NDArray limits) {
        NDArray sizes = rows.abs();
        NDArray leading = sizes.neg().sort(1).neg().cumSum(1);
        int n = Math.toIntExact(rows.getShape().get(1));
        NDArray counts = rows.getManager().arange(1, n + 1, 1, DataType.FLOAT32);
        NDArray threshold = leading.subi(limits).divi(counts).max(new int[] {1}, true).maximum(0);
        return sizes.subi(threshold).maximum(0).muli(rows.sign());
    }

    private static NDArray l2(NDArray rows, NDArray limits) {
        NDArray length = rows.norm(2, new int[] {1}, true).maximum(Float.MIN_NORMAL);
        return rows.mul(limits.div(length).minimum(1));
    }
}
