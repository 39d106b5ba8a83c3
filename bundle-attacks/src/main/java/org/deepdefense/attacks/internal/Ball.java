package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;

/**
 * The images that an attack with a budget may choose from: those within a distance of the original
 * images whose pixels stay inside the bounds. Arrays have the shape (N, C, H, W).
 */
abstract class Ball {

    /** Below this a gradient has no direction: the reciprocal of its norm is not a float. */
    private static final float TINY = Float.MIN_NORMAL;

    final NDArray center;
    final Bounds bounds;
    final double radius;

    private Ball(NDArray center, Bounds bounds, double radius) {
        this.center = center;
        this.bounds = bounds;
        this.radius = radius;
    }

    /** Returns the ball in which each pixel changes by at most the radius. */
    static Ball linf(NDArray center, Bounds bounds, double radius) {
        return new Linf(center, bounds, radius);
    }

    /** Returns the ball in which the Euclidean norm of the change is at most the radius. */
    static Ball l2(NDArray center, Bounds bounds, double radius) {
        return new L2(center, bounds, radius);
    }

    /**
     * Goes a distance, measured in the norm of this ball, along the steepest ascent, and back into
     * the ball. Where a gradient is zero, nothing moves. The gradient is overwritten: large arrays
     * cost more to allocate than to compute.
     */
    abstract NDArray step(NDArray from, NDArray gradient, double length);

    /** Draws an image from the uniform distribution on the ball, and moves it into the bounds. */
    abstract NDArray draw(SampleRandom random);

    private static Shape sample(NDArray images) {
        return images.getShape().slice(1);
    }

    private static final class Linf extends Ball {

        private final NDArray low;
        private final NDArray high;

        Linf(NDArray center, Bounds bounds, double radius) {
            super(center, bounds, radius);
            low = center.sub(radius).maximum(bounds.min());
            high = center.add(radius).minimum(bounds.max());
        }

        @Override
        NDArray step(NDArray from, NDArray gradient, double length) {
            return project(gradient.signi().muli(length).addi(from));
        }

        @Override
        NDArray draw(SampleRandom random) {
            NDManager manager = center.getManager();
            return project(random.uniform(manager, sample(center), -radius, radius).addi(center));
        }

        private NDArray project(NDArray images) {
            return NDArrays.minimum(NDArrays.maximum(images, low), high);
        }
    }

    private static final class L2 extends Ball {

        L2(NDArray center, Bounds bounds, double radius) {
            super(center, bounds, radius);
        }

        @Override
        NDArray step(NDArray from, NDArray gradient, double length) {
            NDArray scale = perNorm(gradient, length);
            gradient.muli(Norm.broadcast(scale, gradient));
            return project(gradient.addi(from).subi(center));
        }

        /** A random direction, and a length whose power of the dimension is uniform. */
        @Override
        NDArray draw(SampleRandom random) {
            NDManager manager = center.getManager();
            NDArray direction = random.normal(manager, sample(center));
            NDArray length =
                    random.uniform(manager, new Shape(1), 0, 1)
                            .flatten()
                            .pow(1.0 / sample(center).size());
            NDArray scale = perNorm(direction, radius).muli(length);
            return project(direction.muli(Norm.broadcast(scale, direction)));
        }

        /** Moving a pixel into the bounds brings it nearer to the center, which is inside. */
        private NDArray project(NDArray perturbation) {
            NDArray shrink = perNorm(perturbation, radius).minimum(1);
            return perturbation
                    .muli(Norm.broadcast(shrink, perturbation))
                    .addi(center)
                    .clip(bounds.min(), bounds.max());
        }

        /** Returns length / ‖x‖₂ of each sample. */
        private static NDArray perNorm(NDArray x, double length) {
            NDArray norm = x.reshape(x.getShape().get(0), -1).norm(new int[] {1});
            return norm.maximum(TINY).pow(-1).muli(length);
        }
    }
}
