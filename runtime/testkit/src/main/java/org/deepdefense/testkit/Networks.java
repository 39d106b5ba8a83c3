// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Bounds;

/**
 * Small dense networks whose robustness is known exactly, for pixels in [0, 1]. It owns the
 * networks that it makes, and arrays for tests.
 */
public final class Networks implements AutoCloseable {

    private final Autograd autograd = new Autograd();
    private final NDManager manager = NDManager.newBaseManager();
    private final List<NDArray> parameters = new ArrayList<>();

    /**
     * Returns a manager that lives as long as this object.
     *
     * @return the owner of the networks
     */
    public NDManager manager() {
        return manager;
    }

    /**
     * Returns the parameters of all networks made so far.
     *
     * @return weights and biases
     */
    public List<NDArray> parameters() {
        return Collections.unmodifiableList(parameters);
    }

    /**
     * Makes a network with ReLU between its layers.
     *
     * @param input the shape (C, H, W) of one image
     * @param weightsAndBiases for each layer its weight (out, in) and its bias (out)
     * @return its classifier
     */
    public BlockClassifier dense(Shape input, NDArray... weightsAndBiases) {
        SequentialBlock block = new SequentialBlock();
        block.add(Blocks.batchFlattenBlock(input.size()));
        for (int i = 0; i < weightsAndBiases.length; i += 2) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(linear(weightsAndBiases[i], weightsAndBiases[i + 1]));
        }
        int classes = Math.toIntExact(weightsAndBiases[weightsAndBiases.length - 1].size());
        return new BlockClassifier(
                autograd, block, input, classes, Bounds.UNIT, 1, Optional.empty());
    }

    private Linear linear(NDArray weight, NDArray bias) {
        Linear linear = Linear.builder().setUnits(bias.size()).build();
        linear.getParameters().get("weight").setArray(adopt(weight));
        linear.getParameters().get("bias").setArray(adopt(bias));
        linear.initialize(manager, DataType.FLOAT32, new Shape(1, weight.getShape().get(1)));
        return linear;
    }

    private NDArray adopt(NDArray array) {
        NDArray parameter = array.duplicate();
        parameter.attach(manager);
        parameters.add(parameter);
        return parameter;
    }

    /**
     * Makes a linear network.
     *
     * @param input the shape (C, H, W) of one image
     * @param weights a row for each class
     * @param biases one for each class
     * @return a classifier with the logits {@code weights · x + biases}
     */
    public BlockClassifier linear(Shape input, float[][] weights, float... biases) {
        return dense(input, manager.create(weights), manager.create(biases));
    }

    /**
     * Makes a linear network of pixels of which only what they have above one half counts, by way
     * of a root: √max(x − ½, 0)². It is continuous, but its derivative by a pixel that is darker is
     * computed as infinity times 0, which is NaN.
     *
     * @param input the shape (C, H, W) of one image
     * @param weights a row for each class
     * @param biases one for each class
     * @return its classifier
     */
    public BlockClassifier withoutGradientsInTheDark(
            Shape input, float[][] weights, float... biases) {
        SequentialBlock block = new SequentialBlock();
        block.add(
                list -> {
                    NDArray light = list.singletonOrThrow().sub(0.5f);
                    NDArray isLight = light.gt(0).toType(DataType.FLOAT32, false);
                    return new NDList(light.mul(isLight).square().sqrt());
                });
        block.add(Blocks.batchFlattenBlock(input.size()));
        block.add(linear(manager.create(weights), manager.create(biases)));
        return new BlockClassifier(
                autograd, block, input, biases.length, Bounds.UNIT, 1, Optional.empty());
    }

    /**
     * Makes the two-class family: with l = mean(x) − 0.5 the logits are −l, l, −1 and −2. Where all
     * pixels are 0.75 the boundary is 0.25 away in L∞ and 0.25·√d in L2.
     *
     * @param input the shape (C, H, W) of one image, d pixels
     * @return its classifier
     */
    public BlockClassifier twoClass(Shape input) {
        int d = Math.toIntExact(input.size());
        float[][] weights = new float[4][d];
        Arrays.fill(weights[0], -1f / d);
        Arrays.fill(weights[1], 1f / d);
        return linear(input, weights, 0.5f, -0.5f, -1, -2);
    }

    /**
     * Makes a network of 4 inputs, 5 hidden units and 3 classes whose weights are sines and
     * cosines: W₁[i][j] = sin(1 + 4i + j), b₁[i] = 0.1·cos(i), W₂[k][i] = cos(0.5 + 5k + i), b₂[k]
     * = 0.05·k.
     *
     * @return its classifier of images of the shape (1, 2, 2)
     */
    public BlockClassifier trigonometric() {
        float[][] first = new float[5][4];
        float[] firstBias = new float[5];
        float[][] second = new float[3][5];
        float[] secondBias = new float[3];
        for (int i = 0; i < 5; i++) {
            firstBias[i] = (float) (0.1 * Math.cos(i));
            for (int j = 0; j < 4; j++) {
                first[i][j] = (float) Math.sin(1 + 4 * i + j);
            }
            for (int k = 0; k < 3; k++) {
                second[k][i] = (float) Math.cos(0.5 + 5 * k + i);
                secondBias[k] = 0.05f * k;
            }
        }
        return dense(
                new Shape(1, 2, 2),
                manager.create(first),
                manager.create(firstBias),
                manager.create(second),
                manager.create(secondBias));
    }

    /**
     * Returns the classes that a network gives to images.
     *
     * @param classifier the network
     * @param images images (N, C, H, W)
     * @return classes (N), int64, on the manager of the images
     */
    public static NDArray predictions(BlockClassifier classifier, NDArray images) {
        return classifier.predict(images).argMax(1);
    }

    /** Closes the networks and all arrays on the manager. */
    @Override
    public void close() {
        manager.close();
        autograd.close();
    }
}
