// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;

/**
 * How much noise salt and pepper tries for each sample: a share of the pixels that sweeps a range,
 * which shrinks around the last share that was enough. Norms and shares are not quite monotonic in
 * each other, so the range goes a little beyond.
 */
final class Density implements AutoCloseable {

    private static final double BELOW = 0.5;
    private static final double ABOVE = 1.2;

    private final NDManager owner;
    private NDList state;

    private Density(NDManager owner, NDList state) {
        this.owner = owner;
        this.state = state;
    }

    static Density of(NDArray images, int steps) {
        NDManager owner = images.getManager().newSubManager();
        Shape shape = new Shape(images.getShape().get(0));
        float stride = 1f / steps;
        return new Density(
                owner,
                new NDList(
                        owner.full(shape, stride),
                        owner.zeros(shape),
                        owner.ones(shape),
                        owner.full(shape, stride),
                        owner.full(shape, Float.POSITIVE_INFINITY)));
    }

    /** Returns the share of pixels to change next (N). */
    NDArray current() {
        return state.get(0);
    }

    /** Returns the norm of the smallest noise that was enough (N), infinite at first. */
    NDArray norm() {
        return state.get(4);
    }

    /**
     * Goes on.
     *
     * @param success whether the noise was enough and the smallest so far (N)
     * @param norm the norm of the noise (N)
     * @param remaining how many steps were left before this one
     */
    void next(NDArray success, NDArray norm, int remaining) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray current = current();
            NDArray low = NDArrays.where(success, current.mul(BELOW), state.get(1));
            NDArray high = NDArrays.where(success, current.mul(ABOVE).minimum(1), state.get(2));
            NDArray stride = NDArrays.where(success, high.sub(low).div(remaining), state.get(3));
            NDArray restart = success.logicalOr(current.eq(high));
            NDArray from = NDArrays.where(restart, low, current);
            NDList next =
                    new NDList(
                            NDArrays.minimum(from.add(stride), high),
                            low,
                            high,
                            stride,
                            NDArrays.where(success, norm, norm()));
            next.forEach(NDScope::unregister);
            next.attach(owner);
            state.close();
            state = next;
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
