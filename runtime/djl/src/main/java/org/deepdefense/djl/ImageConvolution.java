// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

/**
 * A convolution whose gradient with respect to images is cheap on a CPU.
 *
 * <p>PyTorch leaves convolutions to oneDNN, which computes the gradient with respect to the input
 * in blocks of 16 channels: for grey images, 16 times the work. Training does without that
 * gradient, but attacks take little else. So where it may be asked for, PyTorch's other convolution
 * is used, by matrix products, whose gradient takes as long as its forward pass: a quarter of
 * oneDNN's time for one channel, a third for three. Both give the same result up to rounding.
 */
public final class ImageConvolution {

    private ImageConvolution() {}

    /** Loads the function when it is first needed; it has no state. */
    private static final class Function {

        static final PtSymbolBlock BLOCK =
                Autograd.load(
                        (PtNDManager) NDManager.newBaseManager(),
                        TorchScriptModule.archive(
                                "x: Tensor, w: Tensor, b: Tensor",
                                "Tensor",
                                """
                                    if x.requires_grad:
                                      _0 = [torch.size(w, 2), torch.size(w, 3)]
                                      _1 = torch.thnn_conv2d(x, w, _0, b, [1, 1], [0, 0])
                                    else:
                                      _1 = torch.conv2d(x, w, b, [1, 1], [0, 0], [1, 1], 1)
                                    return _1
                                """
                                        .indent(4)
                                        .stripTrailing()));
    }

    /**
     * Convolves images with a stride of 1.
     *
     * @param images images (N, C, H, W)
     * @param weight kernels (F, C, h, w)
     * @param bias biases (F)
     * @param padding how many zeros are put around the images (vertically, horizontally)
     * @return an array (N, F, H′, W′), differentiable, attached to the manager of the images
     */
    public static NDArray convolve(NDArray images, NDArray weight, NDArray bias, Shape padding) {
        long vertical = padding.get(0);
        long horizontal = padding.get(1);
        NDArray padded =
                vertical == 0 && horizontal == 0
                        ? images
                        : images.pad(new Shape(horizontal, horizontal, vertical, vertical), 0);
        JniUtils.setGraphExecutorOptimize(false);
        return IValueUtils.forward(Function.BLOCK, new NDList(padded, weight, bias), true).head();
    }
}
