// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.Test;

class AlmaTest {

    private static final Shape IMAGE = new Shape(1, 4, 6);

    /** Of the boundary from an image whose pixels are 0.75. */
    private static final double DISTANCE = 0.25 * Math.sqrt(24);

    /** What RMSProp divides the first step by where the gradient is small. */
    private static final double FIRST_STEP = Math.sqrt(0.9);

    @Test
    void theFirstStepIsAsLongAsAskedFor() {
        double enough = 1.02 * DISTANCE * FIRST_STEP;
        try (Networks networks = new Networks()) {
            AttackOutcome reached = oneStep(networks, enough);
            assertArrayEquals(new boolean[] {true, true}, reached.success().toBooleanArray());
            float length = Norm.L2.of(reached.adversarials().sub(0.75)).getFloat(0);
            assertEquals(1.02 * DISTANCE, length, 0.01 * DISTANCE);
            AttackOutcome missed = oneStep(networks, enough / 1.05);
            assertArrayEquals(new boolean[] {false, false}, missed.success().toBooleanArray());
        }
    }

    /** No image is that far away. */
    @Test
    void aFirstStepThatTheBoundsForbidLeavesTheLearningRate() {
        try (Networks networks = new Networks()) {
            AttackOutcome outcome = oneStep(networks, 10);
            assertArrayEquals(new boolean[] {false, false}, outcome.success().toBooleanArray());
        }
    }

    private static AttackOutcome oneStep(Networks networks, double initialDistance) {
        NDArray images = networks.manager().full(new Shape(2, 1, 4, 6), 0.75f);
        NDArray labels = networks.manager().create(new long[] {1, 1});
        return AttackRun.of(new Alma())
                .with("steps", 1)
                .with("learningRate", 0)
                .with("initialDistance", initialDistance)
                .on(networks.twoClass(IMAGE), images, Criterion.misclassification(labels));
    }
}
