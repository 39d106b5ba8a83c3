// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closed forms against automatic differentiation of the same losses. */
class LogitLossesTest {

    private static final float MASKED = Float.NEGATIVE_INFINITY;

    private static final float[][] LOGITS = {
        {1.5f, -0.5f, 0.25f, 0.75f, -1},
        {0.125f, 2, -0.75f, 1.25f, 0.5f},
        {-1.5f, 0.5f, 0.375f, -0.25f, 3},
        {0.5f, 1.75f, -2, MASKED, 0.875f},
        {2.5f, MASKED, 1, MASKED, 0.25f},
        {0.0625f, -0.125f, 4, 1, 2},
    };

    private NDManager manager;
    private NDArray labels;
    private NDArray targeted;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
        labels = manager.create(new long[] {0, 3, 4, 1, 0, 2});
        targeted = manager.create(new boolean[] {false, true, false, true, false, false});
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private LogitLoss loss(String name) {
        return switch (name) {
            case "cross-entropy" -> LogitLosses.crossEntropy(labels, targeted);
            case "margin" -> LogitLosses.margin(labels, targeted);
            case "ratio" -> LogitLosses.logitsRatio(labels, targeted);
            case "targeted ratio" ->
                    LogitLosses.logitsRatio(
                            labels, targeted, manager.create(new long[] {2, 0, 1, 0, 2, 4}));
            case "divergence" -> LogitLosses.divergence(probabilities());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private NDArray probabilities() {
        NDArray logits = manager.create(LOGITS);
        return NDArrays.where(logits.gt(MASKED), logits.mul(-0.5), logits).softmax(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-entropy", "margin", "ratio", "targeted ratio", "divergence"})
    void derivativesAreThoseOfTheValuesAtAnyScale(String name) {
        for (double scale : new double[] {1e-10, 1e-3, 1, 30, 1e4, 1e10}) {
            assertDerivative(loss(name), manager.create(LOGITS).mul(scale), name + " at " + scale);
        }
    }

    private void assertDerivative(LogitLoss loss, NDArray logits, String message) {
        NDArray x = logits.stopGradient().toType(DataType.FLOAT32, true);
        float[] closed = loss.derivative(x.duplicate()).toFloatArray();
        x.setRequiresGradient(true);
        float[] automatic;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(loss.value(x).sum());
            automatic = x.getGradient().toFloatArray();
        }
        float largest = 0;
        for (float value : automatic) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0 && Float.isFinite(largest), message + " has no slope");
        for (int i = 0; i < closed.length; i++) {
            assertEquals(automatic[i], closed[i], 2e-6f * largest, message + ", component " + i);
        }
    }

    @Test
    void valuesAreThoseOfTheirFormulas() {
        NDArray logits = manager.create(LOGITS);
        float[] margins = loss("margin").value(logits).toFloatArray();
        assertArrayEquals(new float[] {-0.75f, -0.75f, -2.5f, 0.875f, -1.5f, -2}, margins, 1e-6f);
        float[] ratios = loss("ratio").value(logits).toFloatArray();
        // 1.5 − 0.25; 2 − (0.5 + 0.125)/2; 3 − 0.375.
        assertEquals(-0.75f / 1.25f, ratios[0], 1e-6f);
        assertEquals(-0.75f / 1.6875f, ratios[1], 1e-6f);
        assertEquals(-2.5f / 2.625f, ratios[2], 1e-6f);
        assertEquals(margins[4], loss("ratio").value(logits).toFloatArray()[4] * 2.25f, 1e-6f);
        double sum =
                Math.exp(1.5) + Math.exp(-0.5) + Math.exp(0.25) + Math.exp(0.75) + Math.exp(-1);
        assertEquals(
                Math.log(sum) - 1.5, loss("cross-entropy").value(logits).toFloatArray()[0], 1e-6);
    }

    @Test
    void theDivergenceIsZeroAndFlatAtTheProbabilitiesThemselves() {
        NDArray logits = manager.create(LOGITS);
        LogitLoss loss = LogitLosses.divergence(logits.softmax(1));
        assertArrayEquals(new float[6], loss.value(logits).toFloatArray(), 1e-6f);
        assertArrayEquals(new float[30], loss.derivative(logits).toFloatArray(), 1e-7f);
        NDArray others = loss("divergence").value(logits);
        assertEquals(6, others.gt(0.01).countNonzero().getLong(), others::toString);
    }

    @ParameterizedTest
    @CsvSource({"cross-entropy", "margin", "ratio", "targeted ratio", "divergence"})
    void selectsTheRowsOfAllItsArrays(String name) {
        NDArray rows = manager.create(new long[] {5, 1, 2});
        NDArray logits = manager.create(LOGITS);
        NDArray some = logits.get(rows);
        LogitLoss loss = loss(name);
        assertArrayEquals(
                loss.value(logits).get(rows).toFloatArray(),
                loss.select(rows).value(some).toFloatArray(),
                1e-6f);
        assertArrayEquals(
                loss.derivative(logits).get(rows).toFloatArray(),
                loss.select(rows).derivative(some).toFloatArray(),
                1e-6f);
        List<NDArray> seen = new ArrayList<>();
        loss.map(
                array -> {
                    seen.add(array);
                    return array;
                });
        assertTrue(seen.stream().allMatch(array -> array.getShape().get(0) == 6));
    }

    @Test
    void aCriterionCarriesTheLossThatItIsGiven() {
        NDArray logits = manager.create(LOGITS);
        Criterion criterion = Criterion.of(labels, targeted);
        assertTrue(criterion.givenLoss().isEmpty());
        assertArrayEquals(
                loss("cross-entropy").value(logits).toFloatArray(),
                criterion.loss().value(logits).toFloatArray());
        NDArray rows = manager.create(new long[] {2, 4});
        Criterion given = criterion.withLoss(loss("margin")).select(rows);
        assertArrayEquals(
                new float[] {-2.5f, -1.5f},
                given.givenLoss().orElseThrow().value(logits.get(rows)).toFloatArray(),
                1e-6f);
        assertArrayEquals(new long[] {4, 0}, given.labels().toLongArray());
    }
}
