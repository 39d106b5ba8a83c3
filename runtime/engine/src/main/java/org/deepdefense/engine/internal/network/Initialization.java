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
 * <p>Weights are normally distributed with variance 2 / fan-in (He, Zhang, Ren, Sun, "Delving deep
 * into rectifiers", ICCV 2015). Initializers that a model sets itself are kept.
 */
final class Initialization {

    private Initialization() {}

    /**
     * Creates the parameters of a block.
     *
     * @param block a block without arrays
     * @param manager the owner of the new arrays
     * @param imageShape the shape (C, H, W) of one image
     * @param seed what the weights depend on
     */
    static void initialize(Block block, NDManager manager, Shape imageShape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Parameter parameter : ParameterPaths.of(block).values()) {
            SplittableRandom own = random.split();
            if (parameter.getType() == Parameter.Type.WEIGHT
                    && parameter.getInitializer() == Parameter.Type.WEIGHT.getInitializer()) {
                parameter.setInitializer((owner, shape, type) -> he(owner, shape, type, own));
            }
        }
        block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(imageShape));
    }

    private static NDArray he(
            NDManager manager, Shape shape, DataType type, SplittableRandom random) {
        double deviation = Math.sqrt(2.0 * shape.get(0) / shape.size());
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return manager.create(values, shape).toType(type, false);
    }
}
