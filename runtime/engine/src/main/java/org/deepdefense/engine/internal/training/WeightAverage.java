// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The mean of the weights over the last steps of a training (Polyak and Juditsky: Acceleration of
 * Stochastic Approximation by Averaging, 1992). The weights of any one step are off by the noise of
 * its batches, the more the higher the learning rate; their mean is not.
 */
final class WeightAverage {

    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> means;

    /**
     * Creates an average of nothing.
     *
     * @param weights the weights, by name
     * @param manager the owner of the means
     */
    WeightAverage(Map<String, NDArray> weights, NDManager manager) {
        this(weights, new LinkedHashMap<>());
        weights.forEach(
                (name, weight) ->
                        means.put(name, manager.zeros(weight.getShape(), weight.getDataType())));
    }

    /**
     * Goes on from a mean.
     *
     * @param weights the weights, by name
     * @param means their means, which are changed in place
     */
    WeightAverage(Map<String, NDArray> weights, Map<String, NDArray> means) {
        this.weights = weights;
        this.means = means;
    }

    /** Returns what has to be kept to go on later, by the names of the weights. */
    Map<String, NDArray> means() {
        return means;
    }

    /**
     * Takes the weights of a step in. No graph may be recorded.
     *
     * @param count how many steps are averaged then, this one included
     */
    void add(long count) {
        means.forEach(
                (name, mean) -> mean.addi(weights.get(name).stopGradient().sub(mean).div(count)));
    }

    /**
     * Brings the means nearer to the weights, as an exponential mean does. No graph may be
     * recorded.
     *
     * @param share how far, from 0 to 1, where they become the weights
     */
    void approach(double share) {
        means.forEach(
                (name, mean) -> mean.addi(weights.get(name).stopGradient().sub(mean).mul(share)));
    }
}
