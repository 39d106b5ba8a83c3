// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {

    @Test
    void isTheMeanOfAllStepsFromTheFirst() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1, -2});
            WeightAverage average = new WeightAverage(Map.of("w", weight), manager);
            average.add(1);
            weight.addi(3);
            average.add(2);
            weight.muli(0);
            average.add(3);
            assertArrayEquals(
                    new float[] {5 / 3f, -1 / 3f}, average.means().get("w").toFloatArray(), 1e-6f);
        }
    }
}
