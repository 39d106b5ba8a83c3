// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceBudgetTest {

    private static final int SAMPLES = 10_000;

    private final AtomicInteger evaluations = new AtomicInteger();

    private ReferenceBudget.Point find(DoubleUnaryOperator accuracy) {
        return new ReferenceBudget(
                        epsilon -> {
                            evaluations.incrementAndGet();
                            return Math.rint(accuracy.applyAsDouble(epsilon) * SAMPLES) / SAMPLES;
                        },
                        SAMPLES,
                        1)
                .find(0.1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.004, 0.03, 0.1, 0.17, 0.4, 0.9})
    void findsTheBudgetAtWhichHalfIsLeft(double half) {
        ReferenceBudget.Point point = find(e -> 0.99 / (1 + 0.98 * Math.pow(e / half, 4)));
        assertEquals(half, point.epsilon(), 0.01 * half);
        assertEquals(0.5, point.accuracy(), 0.01);
        assertTrue(evaluations.get() <= 16, evaluations + " evaluations");
    }

    @Test
    void aStepIsFoundToOnePercent() {
        ReferenceBudget.Point point = find(e -> e < 0.3 ? 0.9 : 0.1);
        assertEquals(0.3, point.epsilon(), 0.003);
        assertTrue(evaluations.get() <= 20, evaluations + " evaluations");
    }

    @Test
    void aNetworkThatDoesNotYieldGetsTheLargestBudget() {
        assertEquals(new ReferenceBudget.Point(1, 0.8), find(e -> 0.8));
    }
}
