// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.examples.embedding;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import org.deepdefense.model.ModelPlugin;
import org.deepdefense.model.ModelProvider;
import org.osgi.service.component.annotations.Component;

/** The model that this application ships. */
@Component(configurationPid = "deepdefense.model.digit_reader")
@ModelPlugin(name = "digit-reader", description = "784-64-10 with ReLU; an example of a model")
public final class DigitReader implements ModelProvider {

    @Override
    public Shape inputShape() {
        return new Shape(1, 28, 28);
    }

    @Override
    public int classes() {
        return 10;
    }

    @Override
    public Block newBlock() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock(inputShape().size()))
                .add(Linear.builder().setUnits(64).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(classes()).build());
    }
}
