// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.djl.Autograd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaxPoolingTest {

    @ParameterizedTest
    @CsvSource({"2, 2", "8, 8", "7, 9", "24, 5"})
    void isTheSameWithAndWithoutAGraph(long height, long width) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray maps = manager.randomNormal(new Shape(3, 2, height, width));
            NDArray expected = Autograd.recording(true, () -> MaxPooling.pool(maps));
            NDArray actual = Autograd.recording(false, () -> MaxPooling.pool(maps));
            assertEquals(new Shape(3, 2, height / 2, width / 2), actual.getShape());
            assertEquals(expected, actual);
        }
    }
}
