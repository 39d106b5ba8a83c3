// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.OptionalInt;
import org.deepdefense.djl.Cast;

/**
 * A network as the rest of the engine expects it, whatever it is: it takes any number of images in
 * float32, leaves them as they are, and gives logits (N, K) in float32. Gradients flow through.
 */
final class AdaptedBlock extends AbstractBaseBlock {

    private final Block block;
    private final int classes;
    private final OptionalInt batch;
    private final Cast toImages;
    private final Cast toLogits;

    /**
     * Adapts a network.
     *
     * @param block the network
     * @param classes K
     * @param type the type of images that it takes
     * @param batch the one number of images that it takes, if there is one
     * @param owner the owner of the network
     */
    AdaptedBlock(Block block, int classes, DataType type, OptionalInt batch, NDManager owner) {
        this.block = block;
        this.classes = classes;
        this.batch = batch;
        this.toImages = new Cast(owner, type);
        this.toLogits = new Cast(owner, DataType.FLOAT32);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> parameters) {
        NDArray images = inputs.singletonOrThrow();
        return new NDList(
                batch.isEmpty()
                        ? logits(store, images, training)
                        : inBatches(store, images, batch.getAsInt(), training));
    }

    private NDArray inBatches(ParameterStore store, NDArray images, int size, boolean training) {
        long count = images.getShape().get(0);
        NDList parts = new NDList();
        for (long first = 0; first < count; first += size) {
            long end = Math.min(count, first + size);
            NDArray part = images.get(new NDIndex("{}:{}", first, end));
            long missing = size - (end - first);
            if (missing > 0) {
                NDArray last = images.get(new NDIndex("{}:{}", end - 1, end));
                part = part.concat(last.repeat(0, missing));
            }
            NDArray logits = logits(store, part, training);
            parts.add(missing > 0 ? logits.get(new NDIndex("0:{}", end - first)) : logits);
        }
        // DJL would copy a single one, without its graph.
        return parts.size() == 1 ? parts.head() : NDArrays.concat(parts);
    }

    private NDArray logits(ParameterStore store, NDArray images, boolean training) {
        try (NDArray own = toImages.apply(images)) {
            NDArray output = block.forward(store, new NDList(own), training).singletonOrThrow();
            Shape expected = new Shape(images.getShape().get(0), classes);
            NDArray logits = output.getShape().equals(expected) ? output : output.reshape(expected);
            return logits.getDataType() == DataType.FLOAT32 ? logits : toLogits.apply(logits);
        }
    }

    @Override
    public BlockList getChildren() {
        return block.getChildren();
    }

    @Override
    public ParameterList getDirectParameters() {
        return block.getDirectParameters();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), classes)};
    }

    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        block.initialize(manager, dataType, inputShapes);
    }

    @Override
    public boolean isInitialized() {
        return block.isInitialized();
    }
}
