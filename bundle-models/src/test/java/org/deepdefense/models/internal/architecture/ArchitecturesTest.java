// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepdefense.engine.internal.network.ParameterPaths;
import org.deepdefense.model.ModelProvider;
import org.junit.jupiter.api.Test;

class ArchitecturesTest {

    @Test
    void mlpIsThatOfThePaper() {
        Map<String, Shape> expected = new LinkedHashMap<>();
        expected.put("fc1.weight", new Shape(500, 784));
        expected.put("fc1.bias", new Shape(500));
        expected.put("fc2.weight", new Shape(150, 500));
        expected.put("fc2.bias", new Shape(150));
        expected.put("fc3.weight", new Shape(10, 150));
        expected.put("fc3.bias", new Shape(10));
        assertParameters(expected, new Mlp());
    }

    @Test
    void leNetIsThatOfThePaper() {
        Map<String, Shape> expected = new LinkedHashMap<>();
        expected.put("conv1.weight", new Shape(20, 1, 5, 5));
        expected.put("conv1.bias", new Shape(20));
        expected.put("conv2.weight", new Shape(50, 20, 5, 5));
        expected.put("conv2.bias", new Shape(50));
        expected.put("fc1.weight", new Shape(500, 800));
        expected.put("fc1.bias", new Shape(500));
        expected.put("fc2.weight", new Shape(10, 500));
        expected.put("fc2.bias", new Shape(10));
        assertParameters(expected, new LeNet());
    }

    @Test
    void convNetIsThatOfThePaper() {
        Map<String, Shape> expected = new LinkedHashMap<>();
        expected.put("conv1.weight", new Shape(32, 3, 5, 5));
        expected.put("conv1.bias", new Shape(32));
        expected.put("conv2.weight", new Shape(32, 32, 5, 5));
        expected.put("conv2.bias", new Shape(32));
        expected.put("conv3.weight", new Shape(64, 32, 5, 5));
        expected.put("conv3.bias", new Shape(64));
        expected.put("conv4.weight", new Shape(64, 64, 4, 4));
        expected.put("conv4.bias", new Shape(64));
        expected.put("conv5.weight", new Shape(10, 64, 1, 1));
        expected.put("conv5.bias", new Shape(10));
        assertParameters(expected, new ConvNet());
    }

    /** The networks of the paper have no ReLU where others of their kind have one. */
    @Test
    void onlyTheFullyConnectedLayersOfLeNetHaveReLu() {
        long count =
                new LeNet()
                        .newBlock().getChildren().keys().stream()
                                .filter(name -> name.endsWith("relu"))
                                .count();
        assertEquals(1, count);
    }

    private static void assertParameters(Map<String, Shape> expected, ModelProvider model) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = model.newBlock();
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(model.inputShape()));
            Map<String, Shape> actual = new LinkedHashMap<>();
            for (Map.Entry<String, Parameter> entry : ParameterPaths.of(block).entrySet()) {
                actual.put(entry.getKey(), entry.getValue().getArray().getShape());
            }
            assertEquals(expected.toString(), actual.toString());
            NDList images = new NDList(manager.zeros(new Shape(3).addAll(model.inputShape())));
            NDList logits = block.forward(new ParameterStore(manager, false), images, false);
            assertEquals(new Shape(3, model.classes()), logits.singletonOrThrow().getShape());
        }
    }
}
