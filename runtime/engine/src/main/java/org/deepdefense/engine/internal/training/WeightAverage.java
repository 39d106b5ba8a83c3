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
    private final Map<String, NDArray> means = new LinkedHashMap<>();

    /**
     * Creates an average of nothing.
     *
     * @param weights the weights, by name
     * @param manager the owner of the means
     */
    WeightAverage(Map<String, NDArray> weights, NDManager manager) {
        this.weights = weights;
        weights.forEach(
                (name, weight) ->
                        means.put(name, manager.zeros(weight.getShape(), weight.getDataType())));
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
}
