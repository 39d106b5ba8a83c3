// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;

/** A sequence of layers whose parameters are called by the name of their layer. */
final class NamedSequence extends SequentialBlock {

    private static final Shape TWO = new Shape(2, 2);

    /** Adds a convolution with a square kernel, stride 1 and a bias. */
    NamedSequence convolution(String name, int filters, int kernel, int padding) {
        return named(
                name,
                new PixelConvolution(
                        Conv2d.builder()
                                .setFilters(filters)
                                .setKernelShape(new Shape(kernel, kernel))
                                .optPadding(new Shape(padding, padding))));
    }

    /** Adds a fully connected layer with a bias. */
    NamedSequence linear(String name, int units) {
        return named(name, Linear.builder().setUnits(units).build());
    }

    /** Adds the maximum of each 2×2 square. */
    NamedSequence maxPool() {
        return named("maxPool", LambdaBlock.singleton(MaxPooling::pool));
    }

    /** Adds the mean of each 2×2 square. */
    NamedSequence averagePool() {
        return named("averagePool", Pool.avgPool2dBlock(TWO, TWO));
    }

    /** Adds max(0, x). */
    NamedSequence relu() {
        return named("relu", Activation.reluBlock());
    }

    /** Adds a change from (N, C, H, W) to (N, C·H·W). */
    NamedSequence flatten() {
        return named("flatten", Blocks.batchFlattenBlock());
    }

    private NamedSequence named(String name, Block block) {
        addChildBlock(name, block);
        return this;
    }
}
