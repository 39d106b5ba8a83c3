// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.deepdefense.model.ModelPlugin;
import org.deepdefense.model.ModelProvider;
import org.osgi.service.component.annotations.Component;

/** The multi-layer perceptron of the Deep Defense paper for MNIST. */
@Component(service = ModelProvider.class, configurationPid = "deepdefense.model.mlp")
@ModelPlugin(name = "mlp", description = "Multi-layer perceptron 784-500-150-10 with ReLU, 1x28x28")
public final class Mlp implements ModelProvider {

    /** Creates the provider. */
    public Mlp() {}

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
                .flatten()
                .linear("fc1", 500)
                .relu()
                .linear("fc2", 150)
                .relu()
                .linear("fc3", classes());
    }
}
