// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.model.Bounds;

/** A grid of bumps, and windows that take the budget of others. */
public record Bumps(double epsilon, Bounds bounds) implements SquareSearch.Proposals {

    /** Bumps a side of the first grid. */
    private static final long GRID = 5;

    /** Below this the squares of pixels have no sum in float32. */
    private static final double TINY = 1e-12;

    private static final long SMALLEST_SIDE = 3;

    private static final int[] PIXELS = {2, 3};

    @Override
    public NDArray start(NDArray images, SampleRandom random) {
        NDManager manager = images.getManager();
        Shape image = images.getShape().slice(1);
        long height = Math.max(1, image.get(1) / GRID);
        long width = Math.max(1, image.get(2) / GRID);
        long rows = image.get(1) / height;
        long columns = image.get(2) / width;
        NDArray patterns = Bump.both(manager, height, width);
        NDArray signs = Draws.signs(random, manager, new Shape(rows * columns, image.get(0)));
        NDArray upright =
                Draws.integers(random.uniform(manager, new Shape(rows * columns), 0, 1), 2);
        NDArray perturbation = images.zerosLike();
        for (int i = 0; i < rows * columns; i++) {
            NDIndex column = new NDIndex(":, {}", i);
            NDArray corner = upright.get(column).onesLike();
            long top = (image.get(1) - rows * height) / 2 + i / columns * height;
            long left = (image.get(2) - columns * width) / 2 + i % columns * width;
            Windows tile = new Windows(corner.mul(top), corner.mul(left), height, width, image);
            NDArray bump = tile.filled(patterns, upright.get(column));
            perturbation =
                    perturbation.add(bump.mul(signs.get(column).reshape(-1, image.get(0), 1, 1)));
        }
        return moved(images, perturbation);
    }

    @Override
    public NDArray next(NDArray images, NDArray best, double area, SampleRandom random) {
        NDManager manager = images.getManager();
        Shape image = images.getShape().slice(1);
        long channels = image.get(0);
        long side = side(area, image);
        NDArray uniform = random.uniform(manager, new Shape(5 + channels), 0, 1);
        Windows target = Windows.draw(uniform, 0, side, side, image);
        Windows source = Windows.draw(uniform, 2, side, side, image);
        NDArray upright = Draws.integers(uniform.get(new NDIndex(":, 4")), 2);
        NDArray signs = Draws.signs(uniform.get(new NDIndex(":, 5:"))).reshape(-1, channels, 1, 1);

        NDArray perturbation = best.sub(images);
        NDArray old = inside(target, perturbation);
        NDArray squares = perturbation.square();
        NDArray left = squares.sum(new int[] {1, 2, 3}, true).neg().add(epsilon * epsilon);
        NDArray freed = inside(target, squares).maximum(inside(source, squares)).sum(PIXELS, true);
        NDArray bump =
                target.filled(Bump.both(manager, target.height(), target.width()), upright)
                        .mul(signs)
                        .add(old.div(length(old)));
        NDArray size = left.maximum(0).div(channels).add(freed).sqrt();
        NDArray rest = perturbation.sub(inside(source, perturbation));
        NDArray changed = NDArrays.where(target.contains(), bump.div(length(bump)).mul(size), rest);
        return moved(images, changed);
    }

    /** Sides are odd where the image has room for that, so that a bump has a centre. */
    private static long side(double area, Shape image) {
        long side =
                Math.max(SMALLEST_SIDE, Math.round(Math.sqrt(area * image.get(1) * image.get(2))));
        return side + (side + 1) % 2;
    }

    private static NDArray inside(Windows windows, NDArray values) {
        return NDArrays.where(windows.contains(), values, values.zerosLike());
    }

    private static NDArray length(NDArray values) {
        return values.square().sum(PIXELS, true).sqrt().add(TINY);
    }

    /** Gives perturbations the length of the budget. */
    private NDArray moved(NDArray images, NDArray perturbation) {
        NDArray length = Norm.broadcast(Norm.L2.of(perturbation).add(TINY), perturbation);
        return images.add(perturbation.div(length).mul(epsilon)).clip(bounds.min(), bounds.max());
    }
}
