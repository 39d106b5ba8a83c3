// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;

/**
 * Gradient descent whose steps are as long as the gradient is steady (Kingma, Ba: Adam: A Method
 * for Stochastic Optimization, ICLR 2015, algorithm 1). Its moments are a part of the state of the
 * samples that are moved, so that samples can leave.
 */
public final class Adam {

    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final double SMALL = 1e-8;

    private final PerSample mean;
    private final PerSample square;
    private final double rate;
    private int steps;

    /**
     * Starts a descent.
     *
     * @param samples what is moved
     * @param rate the length of a step along a steady gradient
     */
    public Adam(ActiveSamples samples, double rate) {
        try (NDArray zeros = samples.images().zerosLike()) {
            this.mean = samples.keep(zeros);
            this.square = samples.keep(zeros);
        }
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
        NDArray m = mean.get().mul(MEAN_DECAY).addi(gradient.mul(1 - MEAN_DECAY));
        NDArray v = square.get().mul(SQUARE_DECAY).addi(gradient.square().muli(1 - SQUARE_DECAY));
        mean.set(m);
        square.set(v);
        double meanBias = 1 - Math.pow(MEAN_DECAY, steps);
        double squareBias = 1 - Math.pow(SQUARE_DECAY, steps);
        return m.div(v.div(squareBias).sqrt().addi(SMALL)).muli(-rate / meanBias);
    }
}
