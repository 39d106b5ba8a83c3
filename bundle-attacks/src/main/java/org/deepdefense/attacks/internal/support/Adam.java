// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;

/**
 * Gradient descent whose steps are as long as the gradient is steady (Kingma, Ba: Adam: A Method
 * for Stochastic Optimization, ICLR 2015, algorithm 1). Its moments are two arrays of zeros in the
 * state of the samples that are moved, so that samples can leave.
 */
public final class Adam {

    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final double SMALL = 1e-8;

    private final ActiveSamples samples;
    private final int mean;
    private final int square;
    private final double rate;
    private int steps;

    /**
     * Starts a descent.
     *
     * @param samples what is moved
     * @param mean the position of the first moment in the state
     * @param square the position of the second moment in the state
     * @param rate the length of a step along a steady gradient
     */
    public Adam(ActiveSamples samples, int mean, int square, double rate) {
        this.samples = samples;
        this.mean = mean;
        this.square = square;
        this.rate = rate;
    }

    /**
     * Returns the next step.
     *
     * @param gradient what to descend along (M, …)
     * @return what to add to the position (M, …)
     */
    public NDArray step(NDArray gradient) {
        steps++;
        NDArray m = samples.state(mean).mul(MEAN_DECAY).addi(gradient.mul(1 - MEAN_DECAY));
        NDArray v =
                samples.state(square)
                        .mul(SQUARE_DECAY)
                        .addi(gradient.square().muli(1 - SQUARE_DECAY));
        samples.replace(mean, m);
        samples.replace(square, v);
        double meanBias = 1 - Math.pow(MEAN_DECAY, steps);
        double squareBias = 1 - Math.pow(SQUARE_DECAY, steps);
        return m.div(v.div(squareBias).sqrt().addi(SMALL)).muli(-rate / meanBias);
    }
}
