// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.deepdefense.model.ModelPlugin;
import org.deepdefense.model.ModelProvider;
import org.osgi.service.component.annotations.Component;

/**
 * The LeNet of the Deep Defense paper for MNIST: its convolutions are followed by pooling alone,
 * the only ReLU is between the fully connected layers.
 */
@Component(service = ModelProvider.class, configurationPid = "deepdefense.model.lenet")
@ModelPlugin(
        name = "lenet",
        description = "LeNet: 20 and 50 convolutions 5x5 with max-pooling, 500 hidden, 1x28x28")
public final class LeNet implements ModelProvider {

    /** Creates the provider. */
    public LeNet() {}

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
        return new NamedSequence()
                .convolution("conv1", 20, 5, 0)
                .maxPool()
                .convolution("conv2", 50, 5, 0)
                .maxPool()
                .flatten()
                .linear("fc1", 500)
                .relu()
                .linear("fc2", classes());
    }
}
