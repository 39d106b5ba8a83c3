// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizeTest {

    @ParameterizedTest
    @CsvSource({
        "1, 28, 10000, 2, 200",
        "1, 28, 2000, 2, 200",
        "1, 28, 1000, 2, 125",
        "1, 28, 1000, 1, 200",
        "1, 28, 200, 2, 25",
        "1, 28, 395, 2, 50",
        "1, 28, 60, 2, 25",
        "1, 28, 40, 2, 20",
        "1, 28, 1, 8, 1",
        "1, 28, 5, 64, 1",
        "3, 224, 200, 2, 10",
        "3, 2000, 200, 2, 1"
    })
    void batchesFitMemoryAndThreads(int channels, int edge, int images, int threads, int expected) {
        assertEquals(expected, BatchSize.of(new Shape(channels, edge, edge), images, threads));
    }
}
