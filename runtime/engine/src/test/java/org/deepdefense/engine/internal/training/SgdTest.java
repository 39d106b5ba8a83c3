// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.deepdefense.djl.Autograd;
import org.junit.jupiter.api.Test;

class SgdTest {

    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 0.01;

    @Test
    void weightsFollowTheRuleAlsoWhenTheRateChanges() {
        assertFollowsRule(new Shape(1, 3), DECAY);
    }

    @Test
    void biasesDoNotDecay() {
        assertFollowsRule(new Shape(3), 0);
    }

    private static void assertFollowsRule(Shape shape, double decay) {
        double[] w = {1, -2, 3};
        double[] v = {0, 0, 0};
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1, -2, 3}, shape);
            weight.setRequiresGradient(true);
            Sgd sgd = new Sgd(Map.of("w", weight), manager, MOMENTUM, DECAY, 0.1);
            for (int step = 0; step < 12; step++) {
                double rate = step < 5 ? 0.1 : step < 9 ? 0.05 : 0.01;
                double[] gradient = {Math.sin(step), Math.cos(step), 0};
                for (int i = 0; i < w.length; i++) {
                    v[i] = MOMENTUM * v[i] + gradient[i] + decay * w[i];
                    w[i] -= rate * v[i];
                }
                NDArray g =
                        manager.create(
                                new float[] {
                                    (float) gradient[0], (float) gradient[1], (float) gradient[2]
                                },
                                shape);
                sgd.setRate(rate);
                Autograd.recording(
                        false,
                        () -> {
                            sgd.step(new NDList(g));
                            return g;
                        });
                float[] expected = {(float) w[0], (float) w[1], (float) w[2]};
                assertArrayEquals(expected, weight.toFloatArray(), 1e-5f, "step " + step);
            }
        }
    }
}
