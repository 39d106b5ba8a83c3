// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** A norm of perturbations. All its operations work on each sample of a batch, not on the batch. */
public enum Norm {
    /** The number of components that are not zero (by more than 1e-6). */
    L0 {
        @Override
        public NDArray of(NDArray perturbations) {
            return rows(perturbations).abs().gt(1e-6).toType(DataType.FLOAT32, false).sum(ONE);
        }
    },
    /** The sum of absolute values. */
    L1 {
        @Override
        public NDArray of(NDArray perturbations) {
            return rows(perturbations).abs().sum(ONE);
        }
    },
    /** The Euclidean norm. Its squares, of float64, neither overflow nor vanish. */
    L2 {
        @Override
        public NDArray of(NDArray perturbations) {
            return rows(perturbations)
                    .toType(DataType.FLOAT64, false)
                    .square()
                    .sum(ONE)
                    .sqrt()
                    .toType(perturbations.getDataType(), false);
        }
    },
    /** The largest absolute value. */
    LINF {
        @Override
        public NDArray of(NDArray perturbations) {
            return rows(perturbations).abs().max(ONE);
        }
    };

    private static final int[] ONE = {1};

    /**
     * Returns the norm of each sample.
     *
     * @param perturbations an array (N, …)
     * @return norms (N)
     */
    public abstract NDArray of(NDArray perturbations);

    /**
     * Returns the norm of gradients by which a difference of a function is divided to become a
     * distance in this norm.
     *
     * @return L∞ for L1, L1 for L∞, and L2 for itself
     * @throws IllegalStateException for L0, in which nothing has a distance
     */
    public Norm dual() {
        return switch (this) {
            case L1 -> LINF;
            case LINF -> L1;
            case L2 -> L2;
            case L0 -> throw new IllegalStateException("L0 has no dual norm");
        };
    }

    /**
     * Reshapes one number a sample so that it multiplies all components of that sample.
     *
     * @param values numbers (N)
     * @param like an array (N, …)
     * @return the numbers in the shape (N, 1, …) with as many dimensions as the other
     */
    public static NDArray broadcast(NDArray values, NDArray like) {
        long[] shape = new long[like.getShape().dimension()];
        Arrays.fill(shape, 1);
        shape[0] = values.size();
        return values.reshape(new Shape(shape));
    }

    private static NDArray rows(NDArray array) {
        return array.reshape(array.getShape().get(0), -1);
    }

    /**
     * Returns the name that people write.
     *
     * @return L0, L1, L2 or L∞
     */
    public String symbol() {
        return this == LINF ? "L∞" : name();
    }
}
