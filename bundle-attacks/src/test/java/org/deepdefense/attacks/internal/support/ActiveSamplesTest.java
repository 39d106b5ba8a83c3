// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActiveSamplesTest {

    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray images = manager.arange(8f).reshape(4, 1, 1, 2);
    private final NDArray labels = manager.create(new long[] {5, 6, 7, 8});
    private final NDArray targeted = manager.create(new boolean[] {false, true, false, true});

    @AfterEach
    void close() {
        manager.close();
    }

    private ActiveSamples samples() {
        return new ActiveSamples(
                images, Criterion.of(labels, targeted), new SampleRandom(0, 0, 1, 2, 3));
    }

    private NDArray mask(boolean... kept) {
        return manager.create(kept);
    }

    @Test
    void everythingThatBelongsToASampleLeavesWithIt() {
        try (ActiveSamples samples = samples()) {
            PerSample state = samples.keep(manager.create(new float[] {1, 2, 3, 4}));
            samples.retain(mask(false, true, true, true));
            samples.retain(mask(true, false, true));
            assertEquals(2, samples.count());
            assertArrayEquals(new long[] {1, 3}, samples.rows().toLongArray());
            assertArrayEquals(new float[] {2, 3, 6, 7}, samples.images().toFloatArray());
            assertArrayEquals(new long[] {6, 8}, samples.criterion().labels().toLongArray());
            assertArrayEquals(
                    new boolean[] {true, true}, samples.criterion().targeted().toBooleanArray());
            assertArrayEquals(new float[] {2, 4}, state.get().toFloatArray());
            assertArrayEquals(
                    new SampleRandom(0, 1, 3).uniform(manager, new Shape(3), 0, 1).toFloatArray(),
                    samples.random().uniform(manager, new Shape(3), 0, 1).toFloatArray());
        }
    }

    @Test
    void stateOutlivesTheScopeOfAStep() {
        try (ActiveSamples samples = samples()) {
            PerSample state = samples.keep(manager.zeros(new Shape(4)));
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                state.set(state.get().add(2));
                samples.retain(mask(true, true, false, false));
            }
            assertArrayEquals(new float[] {2, 2}, state.get().toFloatArray());
        }
    }

    @Test
    void stepsLeaveNoArrays() {
        try (ActiveSamples samples = samples()) {
            PerSample state = samples.keep(manager.zeros(new Shape(4)));
            int before = living();
            for (int i = 0; i < 3; i++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    state.set(state.get().add(1));
                    samples.retain(state.get().gt(i));
                }
            }
            assertEquals(before, living());
        }
    }

    @Test
    void rowsAreWrittenWhereTheSamplesCameFrom() {
        NDArray result = manager.zeros(new Shape(4));
        try (ActiveSamples samples = samples()) {
            samples.retain(mask(false, true, true, true));
            samples.write(result, manager.create(new float[] {1, 2, 3}));
            assertArrayEquals(new float[] {0, 1, 2, 3}, result.toFloatArray());
            samples.write(result, manager.create(new float[] {7, 8, 9}), mask(true, false, true));
            assertArrayEquals(new float[] {0, 7, 2, 9}, result.toFloatArray());
            samples.write(result, manager.zeros(new Shape(3)), mask(false, false, false));
            assertArrayEquals(new float[] {0, 7, 2, 9}, result.toFloatArray());
        }
    }

    @Test
    void isEmptyOnceAllSamplesHaveLeft() {
        try (ActiveSamples samples = samples()) {
            samples.retain(mask(false, false, false, false));
            assertTrue(samples.isEmpty());
            assertEquals(0, samples.count());
        }
    }

    private int living() {
        return manager.getParentManager().getManagedArrays().size();
    }
}
