// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.deepdefense.model.ModelPlugin;
import org.deepdefense.model.ModelProvider;
import org.osgi.service.component.annotations.Component;

/** The convolutional network of the Deep Defense paper for CIFAR-10. */
@Component(service = ModelProvider.class, configurationPid = "deepdefense.model.convnet")
@ModelPlugin(
        name = "convnet",
        description = "Convolutional network of five layers for colour images, 3x32x32")
public final class ConvNet implements ModelProvider {

    /** Creates the provider. */
    public ConvNet() {}

    @Override
    public Shape inputShape() {
        return new Shape(3, 32, 32);
    }

    @Override
    public int classes() {
        return 10;
    }

    @Override
    public Block newBlock() {
        return new NamedSequence()
                .convolution("conv1", 32, 5, 2)
                .maxPool()
                .relu()
                .convolution("conv2", 32, 5, 2)
                .relu()
                .averagePool()
                .convolution("conv3", 64, 5, 2)
                .relu()
                .averagePool()
                .convolution("conv4", 64, 4, 0)
                .relu()
                .convolution("conv5", classes(), 1, 0)
                .flatten();
    }
}
