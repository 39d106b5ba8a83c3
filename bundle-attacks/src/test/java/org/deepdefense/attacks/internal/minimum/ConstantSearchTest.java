// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.Test;

class ConstantSearchTest {

    @Test
    void growsUpToALimitAndHalvesAfterASuccess() {
        try (Networks networks = new Networks()) {
            NDArray images = networks.manager().zeros(new Shape(2, 1, 2, 2));
            NDArray success = networks.manager().create(new boolean[] {true, false});
            ConstantSearch search = new ConstantSearch(images, 1e-3);
            assertConstants(search, 1e-3f, 1e-3f);
            search.narrow(success);
            assertConstants(search, 5e-4f, 1e-2f);
            for (int i = 0; i < 40; i++) {
                search.narrow(success);
            }
            assertConstants(search, 0, 1e10f);
        }
    }

    private static void assertConstants(ConstantSearch search, float first, float second) {
        assertArrayEquals(
                new float[] {first, second}, search.constants().toFloatArray(), 1e-6f * second);
    }
}
