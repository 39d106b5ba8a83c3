// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Bounds;

/** Operations on batches of images that attacks share. */
public final class Images {

    private Images() {}

    /**
     * Returns for each pixel how far it can go.
     *
     * @param images images (N, C, H, W)
     * @param bounds where pixels have to stay
     * @return distances to the farther bound (N, C, H, W)
     */
    public static NDArray farthest(NDArray images, Bounds bounds) {
        return NDArrays.maximum(images.sub(bounds.min()), images.neg().addi(bounds.max()));
    }

    /**
     * Returns a direction without those pixels that could only leave the bounds.
     *
     * @param direction where to go (N, C, H, W)
     * @param images where to start from (N, C, H, W)
     * @param bounds where pixels have to stay
     * @return the direction, with zeros in its place where a pixel is at a bound
     */
    public static NDArray movable(NDArray direction, NDArray images, Bounds bounds) {
        NDArray up = direction.gt(0).logicalAnd(images.lt(bounds.max()));
        NDArray down = direction.lt(0).logicalAnd(images.gt(bounds.min()));
        return direction.mul(up.logicalOr(down));
    }

    /**
     * Gives directions the Euclidean length 1.
     *
     * @param directions directions (N, C, H, W), which are overwritten
     * @return the directions; those of no length stay as they are
     */
    public static NDArray unit(NDArray directions) {
        NDArray length = Norm.L2.of(directions).maximum(Float.MIN_NORMAL);
        return directions.divi(Norm.broadcast(length, directions));
    }

    /**
     * Takes each image from one of two batches.
     *
     * @param condition whether to take the first (N), boolean
     * @param images images (N, C, H, W)
     * @param others images (N, C, H, W)
     * @return the images where the condition holds, else the others
     */
    public static NDArray choose(NDArray condition, NDArray images, NDArray others) {
        return NDArrays.where(
                Norm.broadcast(condition, images).broadcast(images.getShape()), images, others);
    }
}
