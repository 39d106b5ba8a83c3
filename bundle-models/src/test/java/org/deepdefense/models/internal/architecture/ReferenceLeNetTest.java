// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.engine.internal.network.ParameterPaths;
import org.deepdefense.model.Bounds;
import org.junit.jupiter.api.Test;

class ReferenceLeNetTest {

    /** The number of images is enough to notice a wrong order of axes, pooling or scale. */
    @Test
    void classifiesAsItsAuthorsReport() throws IOException {
        int count = 500;
        try (NDManager manager = NDManager.newBaseManager();
                Autograd autograd = new Autograd()) {
            Map<String, NDArray> weights =
                    Npz.read(Shared.data("models/mnist-lenet-reference.npz"), manager);
            LeNet model = new LeNet();
            Block block = model.newBlock();
            for (Map.Entry<String, Parameter> entry : ParameterPaths.of(block).entrySet()) {
                entry.getValue().setArray(weights.get(entry.getKey()));
            }
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(model.inputShape()));
            BlockClassifier classifier =
                    new BlockClassifier(
                            autograd,
                            block,
                            model.inputShape(),
                            model.classes(),
                            Bounds.UNIT,
                            255,
                            Optional.of(weights.get("mean")));
            Shared.Images images = Shared.mnist(manager, count);
            NDArray logits = classifier.predict(images.pixels());
            assertEquals(0.9902, Shared.accuracy(logits, images.labels()), 0.008);
        }
    }
}
