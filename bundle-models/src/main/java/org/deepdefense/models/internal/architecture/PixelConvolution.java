// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.architecture;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.deepdefense.djl.ImageConvolution;

/** A convolution with stride 1 whose gradient with respect to pixels is cheap: attacks need it. */
final class PixelConvolution extends Conv2d {

    /** Grey, colour, or colour with transparency. */
    private static final int CHANNELS_OF_PIXELS = 4;

    PixelConvolution(Builder builder) {
        super(builder);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDArray input = inputs.singletonOrThrow();
        Device device = input.getDevice();
        if (device.isGpu() || input.getShape().get(1) > CHANNELS_OF_PIXELS) {
            return super.forwardInternal(parameterStore, inputs, training, params);
        }
        return new NDList(
                ImageConvolution.convolve(
                        input,
                        parameterStore.getValue(weight, device, training),
                        parameterStore.getValue(bias, device, training),
                        padding));
    }
}
