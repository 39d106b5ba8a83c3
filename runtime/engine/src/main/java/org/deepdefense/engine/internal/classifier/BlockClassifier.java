// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.deepdefense.djl.Autograd;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;

/** A DJL block with its normalisation as a classifier of pixels. It owns none of its parts. */
public final class BlockClassifier implements Classifier {

    private final Autograd autograd;
    private final Block block;
    private final Shape inputShape;
    private final int classes;
    private final Bounds bounds;
    private final double scale;
    private final Optional<NDArray> mean;
    private final LongAdder forwards = new LongAdder();
    private final LongAdder backwards = new LongAdder();

    /**
     * Makes a classifier of a block.
     *
     * @param autograd differentiates
     * @param block an initialized block from normalised images (N, C, H, W) to logits (N, K)
     * @param inputShape the shape (C, H, W) of one image
     * @param classes K
     * @param bounds the interval in which pixels lie
     * @param scale what pixels are multiplied by
     * @param mean what is then subtracted, (C, H, W), if anything
     */
    public BlockClassifier(
            Autograd autograd,
            Block block,
            Shape inputShape,
            int classes,
            Bounds bounds,
            double scale,
            Optional<NDArray> mean) {
        this.autograd = Objects.requireNonNull(autograd);
        this.block = Objects.requireNonNull(block);
        this.inputShape = Objects.requireNonNull(inputShape);
        this.classes = classes;
        this.bounds = Objects.requireNonNull(bounds);
        this.scale = scale;
        this.mean = Objects.requireNonNull(mean);
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Bounds bounds() {
        return bounds;
    }

    @Override
    public NDArray normalize(NDArray images) {
        NDArray scaled = scale(images);
        return mean.isPresent() ? scaled.sub(mean.get()) : scaled;
    }

    @Override
    public NDArray scale(NDArray perturbations) {
        return scale == 1
                ? perturbations
                : perturbations.mul(Constants.scalar(scale, perturbations));
    }

    @Override
    public NDArray predict(NDArray images) {
        return Autograd.recording(false, () -> forward(images, false));
    }

    @Override
    public NDArray logits(NDArray images) {
        return Autograd.recording(true, () -> forward(images, false));
    }

    /**
     * Returns logits in training mode.
     *
     * @param images images (N, C, H, W)
     * @return logits (N, K) with their graph
     */
    public NDArray trainingLogits(NDArray images) {
        return Autograd.recording(true, () -> forward(images, true));
    }

    private NDArray forward(NDArray images, boolean training) {
        forwards.add(images.getShape().get(0));
        ParameterStore parameters = new ParameterStore(images.getManager(), false);
        return block.forward(parameters, new NDList(normalize(images)), training)
                .singletonOrThrow();
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        backwards.add(input.getShape().get(0));
        return autograd.product(output, input, cotangent, createGraph);
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        backwards.add(input.getShape().get(0) * cotangents.getShape().get(0));
        return autograd.products(output, input, cotangents);
    }

    @Override
    public LossGradient lossGradient(NDArray images, UnaryOperator<NDArray> loss) {
        return Autograd.recording(true, () -> Classifier.super.lossGradient(images, loss));
    }

    @Override
    public Calls calls() {
        return new Calls(forwards.sum(), backwards.sum());
    }
}
