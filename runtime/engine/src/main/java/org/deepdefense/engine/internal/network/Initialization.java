// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.SplittableRandom;

/**
 * Draws the weights of a new network. DJL's own random numbers come from one generator for the
 * whole process, so that they depend on what else is running; these depend on the seed alone.
 *
 * <p>Weights are normally distributed with variance 1 / (3 · fan-in), as those of PyTorch's layers
 * (LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998, has 1 / fan-in). That supposes inputs of
 * variance 1; the first layer, which meets pixels of a larger scale, starts with smaller weights,
 * or its first steps overshoot. Initializers that a model sets itself are kept.
 */
final class Initialization {

    /** The standard deviation of pixels in [0, 1] is about this, MNIST's 0.31. */
    private static final double PIXEL_DEVIATION = 0.3;

    private Initialization() {}

    /**
     * Creates the parameters of a block.
     *
     * @param block a block without arrays
     * @param manager the owner of the new arrays
     * @param imageShape the shape (C, H, W) of one image
     * @param scale what pixels in [0, 1] are multiplied by before the block
     * @param seed what the weights depend on
     */
    static void initialize(
            Block block, NDManager manager, Shape imageShape, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // The root was best of what was tried: less shrinking overshoots, more learns slowly.
        double gain = 1 / Math.sqrt(Math.max(1, scale * PIXEL_DEVIATION));
        for (Parameter parameter : ParameterPaths.of(block).values()) {
            SplittableRandom own = random.split();
            if (parameter.getType() == Parameter.Type.WEIGHT
                    && parameter.getInitializer() == Parameter.Type.WEIGHT.getInitializer()) {
                double factor = gain;
                parameter.setInitializer((owner, shape, type) -> normal(owner, shape, factor, own));
                gain = 1;
            }
        }
        block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(imageShape));
    }

    private static NDArray normal(
            NDManager manager, Shape shape, double factor, SplittableRandom random) {
        double fanIn = (double) shape.size() / shape.get(0);
        double deviation = factor / Math.sqrt(3 * fanIn);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return manager.create(values, shape);
    }
}
