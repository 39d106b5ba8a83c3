// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;

/**
 * The images that an attack with a budget may choose from: those within a distance of the original
 * images whose pixels stay inside the bounds. Arrays have the shape (N, C, H, W).
 */
public abstract class Ball {

    /** Below this a gradient has no direction: the reciprocal of its norm is not a float. */
    private static final float TINY = Float.MIN_NORMAL;

    private static final int[] PIXELS = {1};

    public final NDArray center;
    public final Bounds bounds;
    public final double radius;

    private Ball(NDArray center, Bounds bounds, double radius) {
        this.center = center;
        this.bounds = bounds;
        this.radius = radius;
    }

    /** Returns the ball of a norm. */
    public static Ball of(Norm norm, NDArray center, Bounds bounds, double radius) {
        return switch (norm) {
            case L1 -> new L1(center, bounds, radius);
            case L2 -> new L2(center, bounds, radius);
            case LINF -> new Linf(center, bounds, radius);
            case L0 -> throw new IllegalArgumentException("There are no steps in L0");
        };
    }

    /** Returns the ball in which each pixel changes by at most the radius. */
    public static Ball linf(NDArray center, Bounds bounds, double radius) {
        return of(Norm.LINF, center, bounds, radius);
    }

    /**
     * Returns a ball in L∞ whose limits are known: for who makes many steps, they are worth
     * keeping.
     *
     * @param center the original images
     * @param limits the smallest and the largest images of the ball
     */
    public static Ball between(NDArray center, Limits limits, Bounds bounds, double radius) {
        return new Box(center, limits, bounds, radius);
    }

    /**
     * The limits of a ball in L∞ and of the bounds.
     *
     * @param low the smallest images (N, C, H, W)
     * @param high the largest images (N, C, H, W)
     */
    public record Limits(NDArray low, NDArray high) {

        public static Limits around(NDArray center, Bounds bounds, double radius) {
            return new Limits(
                    center.sub(radius).maximum(bounds.min()),
                    center.add(radius).minimum(bounds.max()));
        }
    }

    /** Returns the ball in which the Euclidean norm of the change is at most the radius. */
    public static Ball l2(NDArray center, Bounds bounds, double radius) {
        return of(Norm.L2, center, bounds, radius);
    }

    /**
     * Goes a distance, measured in the norm of this ball, the way of a gradient, and back into the
     * ball. Where a gradient is zero, nothing moves. The gradient is overwritten: large arrays cost
     * more to allocate than to compute.
     */
    public NDArray step(NDArray from, NDArray gradient, double length) {
        return project(direction(gradient).muli(length).addi(from));
    }

    /** Goes distances that are given for all samples, (1), or for each, (N, 1, 1, 1). */
    public NDArray step(NDArray from, NDArray gradient, NDArray lengths) {
        return project(direction(gradient).muli(lengths).addi(from));
    }

    /** Gives gradients the length 1 in the norm of this ball. They are overwritten. */
    public abstract NDArray direction(NDArray gradient);

    /**
     * Moves images into the ball, which are overwritten. Moving a pixel into the bounds afterwards
     * brings it nearer to the center, which is inside.
     */
    public NDArray project(NDArray images) {
        return shrink(images.subi(center)).addi(center).clip(bounds.min(), bounds.max());
    }

    /** Returns the nearest perturbations whose norm is at most the radius. */
    public abstract NDArray shrink(NDArray perturbations);

    /** Draws an image from the uniform distribution on the ball, and moves it into the bounds. */
    public abstract NDArray draw(SampleRandom random);

    /**
     * Draws an image whose distance is the radius, in a direction that is normally distributed (in
     * L∞ uniformly, as in APGD), and moves it into the bounds.
     */
    public NDArray drawFar(SampleRandom random) {
        NDArray direction = random.normal(center.getManager(), sample());
        return project(perNorm(direction, radius).addi(center));
    }

    public final Shape sample() {
        return center.getShape().slice(1);
    }

    /** Multiplies each sample of x, which is overwritten, by length / ‖x‖. */
    public final NDArray perNorm(NDArray x, double length) {
        NDArray scale = norms(x).maximum(TINY).pow(-1).muli(length);
        return x.muli(Norm.broadcast(scale, x));
    }

    public abstract NDArray norms(NDArray x);

    private static NDArray rows(NDArray x) {
        return x.reshape(x.getShape().get(0), -1);
    }

    private static class Linf extends Ball {

        Linf(NDArray center, Bounds bounds, double radius) {
            super(center, bounds, radius);
        }

        @Override
        public NDArray direction(NDArray gradient) {
            return gradient.signi();
        }

        @Override
        public NDArray shrink(NDArray perturbations) {
            return perturbations.clip(-radius, radius);
        }

        @Override
        public NDArray draw(SampleRandom random) {
            NDManager manager = center.getManager();
            return project(random.uniform(manager, sample(), -radius, radius).addi(center));
        }

        @Override
        public NDArray drawFar(SampleRandom random) {
            NDArray direction = random.uniform(center.getManager(), sample(), -1, 1);
            return project(perNorm(direction, radius).addi(center));
        }

        @Override
        public NDArray norms(NDArray x) {
            return Norm.LINF.of(x);
        }
    }

    private static final class Box extends Linf {

        private final Limits limits;

        Box(NDArray center, Limits limits, Bounds bounds, double radius) {
            super(center, bounds, radius);
            this.limits = limits;
        }

        @Override
        public NDArray project(NDArray images) {
            return NDArrays.minimum(NDArrays.maximum(images, limits.low()), limits.high());
        }
    }

    private static final class L2 extends Ball {

        L2(NDArray center, Bounds bounds, double radius) {
            super(center, bounds, radius);
        }

        @Override
        public NDArray direction(NDArray gradient) {
            return perNorm(gradient, 1);
        }

        @Override
        public NDArray shrink(NDArray perturbations) {
            NDArray scale = norms(perturbations).maximum(TINY).pow(-1).muli(radius).minimum(1);
            return perturbations.muli(Norm.broadcast(scale, perturbations));
        }

        /** A random direction, and a length whose power of the dimension is uniform. */
        @Override
        public NDArray draw(SampleRandom random) {
            NDManager manager = center.getManager();
            NDArray direction = perNorm(random.normal(manager, sample()), radius);
            NDArray length =
                    random.uniform(manager, new Shape(1), 0, 1)
                            .flatten()
                            .pow(1.0 / sample().size());
            return project(direction.muli(Norm.broadcast(length, direction)).addi(center));
        }

        @Override
        public NDArray norms(NDArray x) {
            return Norm.L2.of(x);
        }
    }

    private static final class L1 extends Ball {

        L1(NDArray center, Bounds bounds, double radius) {
            super(center, bounds, radius);
        }

        @Override
        public NDArray direction(NDArray gradient) {
            return perNorm(gradient, 1);
        }

        /**
         * Takes from all absolute values what the sum has too much (Duchi et al., Efficient
         * Projections onto the L1-Ball, ICML 2008): the threshold is the largest of those that
         * would do if only the j largest values were left.
         */
        @Override
        public NDArray shrink(NDArray perturbations) {
            NDArray sizes = rows(perturbations).abs();
            NDArray descending = sizes.neg().sort(1).negi();
            NDManager manager = perturbations.getManager();
            NDArray counts = manager.arange(1, sizes.getShape().get(1) + 1f, 1, DataType.FLOAT32);
            NDArray threshold =
                    descending.cumSum(1).subi(radius).divi(counts).max(PIXELS, true).maximum(0);
            NDArray left = sizes.subi(threshold).maximum(0).reshape(perturbations.getShape());
            return perturbations.signi().muli(left);
        }

        /**
         * The first of several exponential numbers with random signs, divided by the sum of all and
         * one more, are uniform on the ball.
         */
        @Override
        public NDArray draw(SampleRandom random) {
            NDManager manager = center.getManager();
            long size = sample().size();
            NDArray uniform = random.uniform(manager, new Shape(size + 1), -1, 1);
            NDArray exponential = uniform.abs().maximum(TINY).log().negi();
            NDArray sum = exponential.sum(PIXELS, true);
            NDArray direction =
                    exponential
                            .muli(uniform.sign())
                            .divi(sum)
                            .get(new NDIndex(":, 0:" + size))
                            .reshape(center.getShape());
            return project(direction.muli(radius).addi(center));
        }

        @Override
        public NDArray norms(NDArray x) {
            return Norm.L1.of(x);
        }
    }
}
