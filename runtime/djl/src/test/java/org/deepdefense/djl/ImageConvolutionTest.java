// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

class ImageConvolutionTest {

    private static final Shape PADDING = new Shape(2, 1);

    /** Values, and first and second derivatives, as those of DJL's convolution. */
    @Test
    void equalsTheConvolutionOfTheEngine() {
        try (NDManager manager = NDManager.newBaseManager();
                Autograd autograd = new Autograd()) {
            NDArray x = manager.randomNormal(new Shape(3, 2, 7, 6));
            NDArray w = manager.randomNormal(new Shape(4, 2, 3, 5));
            NDArray b = manager.randomNormal(new Shape(4));
            x.setRequiresGradient(true);
            w.setRequiresGradient(true);
            float[][] expected =
                    derivatives(autograd, x, w, (images, weight) -> engines(images, weight, b));
            float[][] actual =
                    derivatives(
                            autograd,
                            x,
                            w,
                            (images, weight) ->
                                    ImageConvolution.convolve(images, weight, b, PADDING));
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(expected[i], actual[i], 1e-3f);
            }
        }
    }

    private static NDArray engines(NDArray x, NDArray w, NDArray b) {
        return Conv2d.conv2d(x, w, b, new Shape(1, 1), PADDING, new Shape(1, 1)).head();
    }

    private static float[][] derivatives(
            Autograd autograd, NDArray x, NDArray w, BinaryOperator<NDArray> convolution) {
        return Autograd.recording(
                true,
                () -> {
                    NDArray y = convolution.apply(x, w);
                    NDArray toImages = autograd.product(y, x, y.stopGradient(), true);
                    NDArray toWeight = autograd.product(y, w, y.stopGradient(), false);
                    NDArray second = autograd.product(toImages, w, x.stopGradient(), false);
                    return new float[][] {
                        y.toFloatArray(),
                        toImages.toFloatArray(),
                        toWeight.toFloatArray(),
                        second.toFloatArray()
                    };
                });
    }
}
