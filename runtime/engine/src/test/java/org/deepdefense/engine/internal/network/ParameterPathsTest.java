// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterPathsTest {

    @Test
    void layersOfAPlainSequenceKeepTheirCounters() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(3).build())
                        .add(Activation.reluBlock())
                        .add(Linear.builder().setUnits(2).build());
        assertEquals(
                List.of("01Linear.weight", "01Linear.bias", "03Linear.weight", "03Linear.bias"),
                List.copyOf(ParameterPaths.of(block).keySet()));
    }

    @Test
    void aNameThatStandsAloneNeedsNoCounter() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(3).build())
                        .add(Activation.reluBlock());
        assertEquals(
                List.of("Linear.weight", "Linear.bias"),
                List.copyOf(ParameterPaths.of(block).keySet()));
    }
}
