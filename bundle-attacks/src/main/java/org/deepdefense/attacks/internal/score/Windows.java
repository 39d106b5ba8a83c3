// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attacks.internal.support.Draws;

/**
 * Rectangles of one size, one for each image of a batch, anywhere inside it.
 *
 * @param top first rows (M), float32
 * @param left first columns (M), float32
 * @param height the number of rows
 * @param width the number of columns
 * @param image the shape (C, H, W) of an image
 */
public record Windows(NDArray top, NDArray left, long height, long width, Shape image) {

    /**
     * Places rectangles at random.
     *
     * @param uniform numbers from [0, 1] (M, at least column + 2), of which two decide
     * @param column where these two are
     * @param height the number of rows, cut to that of the image
     * @param width the number of columns, cut to that of the image
     * @param image the shape (C, H, W) of an image
     */
    public static Windows draw(NDArray uniform, int column, long height, long width, Shape image) {
        long h = Math.min(height, image.get(1));
        long w = Math.min(width, image.get(2));
        NDArray rows = uniform.get(new NDIndex(":, {}", column));
        NDArray columns = uniform.get(new NDIndex(":, {}", column + 1));
        return new Windows(
                Draws.integers(rows, image.get(1) - h + 1),
                Draws.integers(columns, image.get(2) - w + 1),
                h,
                w,
                image);
    }

    /** Returns which pixels are inside (M, C, H, W), boolean. */
    public NDArray contains() {
        return inside().broadcast(new Shape(top.size()).addAll(image));
    }

    private NDArray inside() {
        return isWithin(rows(), height).logicalAnd(isWithin(columns(), width));
    }

    private static NDArray isWithin(NDArray position, long size) {
        double half = (size - 1) / 2.0;
        return position.sub(half).abs().lt(half + 0.5);
    }

    /**
     * Fills the rectangles.
     *
     * @param patterns patterns of the size of a rectangle (P, height, width), float32
     * @param chosen which pattern each image gets (M), float32
     * @return images (M, 1, H, W) with the pattern inside, and zero outside of, each rectangle
     */
    public NDArray filled(NDArray patterns, NDArray chosen) {
        NDArray row = rows().clip(0, height - 1);
        NDArray column = columns().clip(0, width - 1);
        NDArray index = chosen.reshape(-1, 1, 1, 1).mul(height).add(row).mul(width).add(column);
        NDArray pattern = patterns.flatten().take(index.toType(DataType.INT64, false).flatten());
        NDArray all = pattern.reshape(index.getShape());
        return NDArrays.where(inside(), all, all.zerosLike());
    }

    /** Returns for each row of the images how far below the top of the rectangle it is. */
    private NDArray rows() {
        NDArray row = top.getManager().arange(0, (int) image.get(1), 1, DataType.FLOAT32);
        return row.reshape(1, 1, -1, 1).sub(top.reshape(-1, 1, 1, 1));
    }

    private NDArray columns() {
        NDArray column = top.getManager().arange(0, (int) image.get(2), 1, DataType.FLOAT32);
        return column.reshape(1, 1, 1, -1).sub(left.reshape(-1, 1, 1, 1));
    }
}
