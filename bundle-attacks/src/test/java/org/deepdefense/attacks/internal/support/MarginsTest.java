// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.deepdefense.attack.Criterion;
import org.junit.jupiter.api.Test;

class MarginsTest {

    @Test
    void arePositiveWhileASampleResists() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.create(new float[][] {{3, 1, -2}, {3, 1, -2}, {3, 1, -2}});
            Criterion criterion =
                    Criterion.of(
                            manager.create(new long[] {0, 1, 2}),
                            manager.create(new boolean[] {false, false, true}));
            assertArrayEquals(new float[] {2, -2, 5}, Margins.of(logits, criterion).toFloatArray());
        }
    }
}
