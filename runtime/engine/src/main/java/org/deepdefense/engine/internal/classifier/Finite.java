// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;

/** Tells finite numbers from NaN and infinity. */
public final class Finite {

    private Finite() {}

    /**
     * Tells whether all numbers of an array are finite.
     *
     * @param array an array of any shape
     * @return whether none is NaN or infinite
     */
    public static boolean all(NDArray array) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray values = array.stopGradient();
            // A finite sum has finite terms; large terms may overflow it all the same. The weights
            // of imported networks may be doubles.
            float sum = values.sum().toType(DataType.FLOAT32, false).getFloat();
            return Float.isFinite(sum) || each(values).all().getBoolean();
        }
    }

    /**
     * Tells whether all numbers of several arrays are finite.
     *
     * @param arrays arrays of any shape
     * @return whether none is NaN or infinite
     */
    public static boolean all(NDList arrays) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            // One number is fetched instead of one for each array.
            NDArray sum =
                    arrays.stream()
                            .map(array -> array.stopGradient().sum())
                            .reduce(NDArray::add)
                            .orElseThrow();
            return Float.isFinite(sum.toType(DataType.FLOAT32, false).getFloat())
                    || arrays.stream().allMatch(Finite::all);
        }
    }

    /**
     * Tells of each number whether it is finite.
     *
     * @param array an array of any shape
     * @return booleans in the same shape
     */
    static NDArray each(NDArray array) {
        return array.abs().lte(Float.MAX_VALUE);
    }
}
