// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Bounds;

/**
 * Projects a batch of points onto hyperplanes, one for each point, without leaving the bounds of
 * pixels, in L1, L2 or L∞ (Croce and Hein, ICML 2020, section 2.2).
 *
 * <p>Each component moves against its slope. In L1 the steepest components go as far as they can,
 * one after the other; in L2 and L∞ all go at once, with speeds |slope| and 1, until each meets its
 * bound. What is gained is then a piecewise linear function of time, whose piece is found by
 * sorting. All points of a batch are treated by the same few operations on arrays.
 */
final class Hyperplanes {

    /** Stands for a time that never comes, and leaves room for products. */
    private static final float NEVER = 1e30f;

    private static final float TINY = Float.MIN_NORMAL;
    private static final int ROW = 1;

    private final Norm norm;
    private final Bounds bounds;

    /**
     * Makes projections.
     *
     * @param norm the norm in which the nearest points are looked for: L1, L2 or L∞
     * @param bounds the bounds of pixels
     */
    Hyperplanes(Norm norm, Bounds bounds) {
        this.norm = norm;
        this.bounds = bounds;
    }

    /**
     * Returns the smallest steps onto hyperplanes. Where a hyperplane does not meet the box, the
     * step leads to the corner that is nearest to it.
     *
     * @param points points (N, …) inside the bounds
     * @param slopes normals of the hyperplanes (N, …)
     * @param excess ⟨slope, point⟩ minus its value on the hyperplane (N), of either sign
     * @return what to add to the points (N, …)
     */
    NDArray steps(NDArray points, NDArray slopes, NDArray excess) {
        Shape rows = new Shape(points.getShape().get(0), -1);
        NDArray x = points.reshape(rows);
        NDArray sign = excess.gte(0).toType(excess.getDataType(), false).mul(2).sub(1);
        NDArray scale = Scales.of(Norm.LINF.of(slopes));
        NDArray slope = slopes.reshape(rows).mul(sign.div(scale).reshape(-1, 1));
        NDArray room = NDArrays.where(slope.gt(0), x.sub(bounds.min()), x.neg().add(bounds.max()));
        NDArray steepness = slope.abs();
        NDArray need = excess.abs().div(scale).reshape(-1, 1);
        NDArray moves =
                switch (norm) {
                    case L1 -> oneByOne(steepness, room, need);
                    case L2 -> together(steepness, steepness, room, need);
                    case LINF -> together(steepness, steepness.onesLike(), room, need);
                    case L0 -> throw new IllegalArgumentException("No projection in L0");
                };
        return moves.mul(slope.sign().neg()).reshape(points.getShape());
    }

    private static NDArray oneByOne(NDArray steepness, NDArray room, NDArray need) {
        NDArray order = steepness.argSort(ROW, false);
        NDArray gains = steepness.mul(room).gather(order, ROW);
        NDArray missing = need.sub(before(gains));
        NDArray moves =
                NDArrays.minimum(
                        missing.div(steepness.gather(order, ROW).maximum(TINY)).maximum(0),
                        room.gather(order, ROW));
        return moves.gather(order.argSort(ROW), ROW);
    }

    private static NDArray together(NDArray steepness, NDArray speed, NDArray room, NDArray need) {
        NDArray times = room.div(speed.maximum(TINY)).minimum(NEVER);
        NDArray order = times.argSort(ROW);
        NDArray arrived = before(steepness.mul(room).gather(order, ROW));
        NDArray rates = steepness.mul(speed).gather(order, ROW);
        NDArray rate = rates.flip(ROW).cumSum(ROW).flip(ROW);
        NDArray gained = times.gather(order, ROW).mul(rate).add(arrived);
        // The piece on which the need is met begins after the last bound met too early.
        NDArray early = gained.lt(need).sum(new int[] {ROW}, true);
        long last = steepness.getShape().get(ROW) - 1;
        NDArray piece = early.minimum(last);
        NDArray time =
                need.sub(arrived.gather(piece, ROW)).div(rate.gather(piece, ROW).maximum(TINY));
        NDArray out = NDArrays.where(early.gt(last), time.onesLike().mul(NEVER), time);
        return NDArrays.minimum(speed.mul(out.minimum(NEVER)), room);
    }

    /** Returns for each component the sum of those before it. */
    private static NDArray before(NDArray values) {
        NDArray zero = values.get(new NDIndex(":, :1")).zerosLike();
        NDArray sums = values.cumSum(ROW).get(new NDIndex(":, :-1"));
        return NDArrays.concat(new NDList(zero, sums), ROW);
    }
}
