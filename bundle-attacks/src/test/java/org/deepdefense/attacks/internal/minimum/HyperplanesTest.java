// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HyperplanesTest {

    private static final Bounds BOUNDS = new Bounds(-1, 3);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private float[] steps(Norm norm, float[] point, float[] slope, float excess) {
        return new Hyperplanes(norm, BOUNDS)
                .steps(row(point), row(slope), manager.create(new float[] {excess}))
                .toFloatArray();
    }

    private NDArray row(float... values) {
        return manager.create(values, new Shape(1, values.length));
    }

    @Test
    void goesStraightWhereNoBoundIsMet() {
        float[] x = {1, 1, 1};
        float[] slope = {2, -1, 0};
        assertArrayEquals(new float[] {-0.5f, 0, 0}, steps(Norm.L1, x, slope, 1), 1e-6f);
        assertArrayEquals(new float[] {-0.4f, 0.2f, 0}, steps(Norm.L2, x, slope, 1), 1e-6f);
        assertArrayEquals(new float[] {-1 / 3f, 1 / 3f, 0}, steps(Norm.LINF, x, slope, 1), 1e-6f);
        assertArrayEquals(new float[] {0.4f, -0.2f, 0}, steps(Norm.L2, x, slope, -1), 1e-6f);
    }

    @Test
    void goesOnWithTheOtherPixelsWhereOneMeetsItsBound() {
        float[] x = {-0.8f, 1, 1};
        float[] slope = {2, -1, 0.5f};
        assertArrayEquals(new float[] {-0.2f, 0.6f, 0}, steps(Norm.L1, x, slope, 1), 1e-6f);
        assertArrayEquals(new float[] {-0.2f, 0.48f, -0.24f}, steps(Norm.L2, x, slope, 1), 1e-6f);
        assertArrayEquals(new float[] {-0.2f, 0.4f, -0.4f}, steps(Norm.LINF, x, slope, 1), 1e-6f);
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void goesToTheCornerWhereTheHyperplaneIsOutOfReach(Norm norm) {
        float[] step = steps(norm, new float[] {0, 1, 2, 0}, new float[] {1, -1, 2, 0}, 100);
        assertArrayEquals(new float[] {-1, 2, -3, 0}, step, 1e-6f);
    }

    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void staysWhereNothingIsMissingOrNothingHelps(Norm norm) {
        float[] none = {0, 0};
        assertArrayEquals(none, steps(norm, new float[] {0, 1}, new float[] {1, 2}, 0), 0f);
        assertArrayEquals(none, steps(norm, new float[] {0, 1}, none, 1), 0f);
    }

    /** No other feasible step that is tried is shorter. */
    @ParameterizedTest
    @EnumSource(names = {"L1", "L2", "LINF"})
    void randomStepsOntoTheHyperplaneAreLonger(Norm norm) {
        long[] samples = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        SampleRandom random = new SampleRandom(4, samples);
        Shape image = new Shape(30);
        NDArray x = random.uniform(manager, image, -1, 3);
        NDArray slope = random.normal(manager, image);
        NDArray excess = random.normal(manager, new Shape(1)).flatten().mul(15);
        NDArray step = new Hyperplanes(norm, BOUNDS).steps(x, slope, excess);
        float[] left = step.mul(slope).sum(new int[] {1}).add(excess).toFloatArray();
        assertArrayEquals(new float[samples.length], left, 1e-4f);
        assertTrue(x.add(step).min().getFloat() >= -1 - 1e-6f, "below the bounds");
        assertTrue(x.add(step).max().getFloat() <= 3 + 1e-6f, "above the bounds");
        float[] shortest = norm.of(step).toFloatArray();
        for (int attempt = 0; attempt < 20; attempt++) {
            NDArray detour = random.normal(manager, image).mul(attempt < 10 ? 0.01 : 0.3);
            NDArray start = x.add(step).add(detour).clip(BOUNDS.min(), BOUNDS.max());
            NDArray rest = start.sub(x).mul(slope).sum(new int[] {1}).add(excess);
            NDArray other =
                    start.add(new Hyperplanes(Norm.L2, BOUNDS).steps(start, slope, rest)).sub(x);
            float[] onto = other.mul(slope).sum(new int[] {1}).add(excess).toFloatArray();
            assertArrayEquals(new float[samples.length], onto, 1e-4f);
            float[] longer = norm.of(other).toFloatArray();
            for (int i = 0; i < longer.length; i++) {
                assertTrue(longer[i] >= shortest[i] - 1e-4, norm + ", sample " + i);
            }
        }
        assertEquals(samples.length, shortest.length);
    }
}
