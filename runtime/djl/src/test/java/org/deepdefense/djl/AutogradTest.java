// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutogradTest {

    private Autograd autograd;
    private NDManager manager;

    @BeforeEach
    void open() {
        autograd = new Autograd();
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
        autograd.close();
    }

    @Test
    void differentiatesTwice() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(1f, 2f, -3f);
                    NDArray y = x.mul(x).mul(x);
                    NDArray first = autograd.product(y, x, y.onesLike(), true);
                    NDArray second = autograd.product(first, x, first.onesLike(), false);
                    assertArrayEquals(new float[] {3, 12, 27}, first.toFloatArray());
                    assertArrayEquals(new float[] {6, 12, -18}, second.toFloatArray());
                    return null;
                });
    }

    @Test
    void computesSeveralProductsInOneCall() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(1f, 2f, -3f);
                    NDArray y = x.mul(x);
                    NDArray cotangents =
                            manager.create(new float[] {1, 0, 0, 1, 1, 1}, new Shape(2, 3));
                    NDArray products = autograd.products(y, x, cotangents);
                    assertEquals(new Shape(2, 3), products.getShape());
                    assertArrayEquals(new float[] {2, 0, 0, 2, 4, -6}, products.toFloatArray(), 0f);
                    return null;
                });
    }

    @Test
    void leavesTheGradientsOfOtherLeavesAlone() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(1f, 2f, -3f);
                    NDArray w = variable(4f, 5f, 6f);
                    autograd.product(x.mul(w), x, w.onesLike(), true);
                    assertArrayEquals(new float[3], w.getGradient().toFloatArray());
                    return null;
                });
    }

    @Test
    void differentiatesWithRespectToSeveralArraysAtOnce() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(1f, 2f, -3f);
                    NDArray w = variable(4f, 5f, 6f);
                    w.setName("fc.weight");
                    NDArray unused = variable(1f);
                    NDArray loss = x.mul(w).sum();
                    NDList gradients = autograd.gradients(loss, new NDList(w, unused));
                    assertArrayEquals(new float[] {1, 2, -3}, gradients.get(0).toFloatArray());
                    assertArrayEquals(new float[] {0}, gradients.get(1).toFloatArray());
                    assertArrayEquals(new float[3], x.getGradient().toFloatArray());
                    assertEquals("fc.weight", w.getName());
                    return null;
                });
    }

    @Test
    void namesOfArraysHaveNoMeaningAndAreKept() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(2f);
                    x.setName("conv1.weight");
                    NDArray y = x.mul(x);
                    NDArray product = autograd.product(y, x, y.onesLike(), false);
                    assertEquals(4f, product.getFloat());
                    assertEquals("conv1.weight", x.getName());
                    return null;
                });
    }

    @Test
    void anArrayWithoutInfluenceIsAnError() {
        Autograd.recording(
                true,
                () -> {
                    NDArray x = variable(2f);
                    NDArray y = variable(3f).mul(2);
                    assertThrows(
                            EngineException.class,
                            () -> autograd.product(y, x, y.onesLike(), false));
                    return null;
                });
    }

    @Test
    void recordingIsRestoredAfterAnError() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        Autograd.recording(
                                false,
                                () -> {
                                    throw new IllegalStateException();
                                }));
        NDArray x = variable(2f);
        NDArray y = Autograd.recording(true, () -> x.mul(x));
        assertEquals(4f, autograd.product(y, x, y.onesLike(), false).getFloat());
    }

    private NDArray variable(float... values) {
        NDArray array = manager.create(values);
        array.setRequiresGradient(true);
        return array;
    }
}
