// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum and weight decay as PyTorch defines it: with the
 * gradient g, g ← g + decay·w, v ← momentum·v + g, w ← w − rate·v. Vectors (biases, and the scales
 * of normalisation) don't decay, as in the code of the Deep Defense paper.
 *
 * <p>The engine's native update keeps rate·v instead of v, which is the same as long as the rate
 * does not change; when it does, the kept values are rescaled.
 */
final class Sgd {

    private static final float NO_CLIPPING = -1;

    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> velocities = new LinkedHashMap<>();
    private final float momentum;
    private final float weightDecay;
    private double rate;

    /**
     * Creates an optimizer at rest.
     *
     * @param weights arrays that require gradients, by name; they are changed in place
     * @param manager the owner of the momentum
     * @param momentum the share of the velocity that is kept
     * @param weightDecay how strongly weights are drawn to zero
     * @param rate the learning rate
     */
    Sgd(
            Map<String, NDArray> weights,
            NDManager manager,
            double momentum,
            double weightDecay,
            double rate) {
        this.weights = weights;
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
        this.rate = rate;
        weights.forEach(
                (name, weight) ->
                        velocities.put(
                                name, manager.zeros(weight.getShape(), weight.getDataType())));
    }

    /** Returns what has to be kept besides the weights to go on later, by the names of these. */
    Map<String, NDArray> velocities() {
        return velocities;
    }

    /** Changes the learning rate. */
    void setRate(double next) {
        if (next != rate) {
            velocities.values().forEach(velocity -> velocity.muli(next / rate));
            rate = next;
        }
    }

    /**
     * Tells which learning rate velocities that were restored belong to.
     *
     * @param restored the learning rate when they were saved
     */
    void assumeRate(double restored) {
        rate = restored;
    }

    /** Returns the weights, in the order in which {@link #step} takes their gradients. */
    NDList weights() {
        return new NDList(weights.values());
    }

    /**
     * Updates the weights.
     *
     * @param gradients a gradient for each weight
     */
    void step(NDList gradients) {
        Iterator<NDArray> next = gradients.iterator();
        weights.forEach(
                (name, weight) ->
                        JniUtils.sgdUpdate(
                                (PtNDArray) weight,
                                (PtNDArray) next.next(),
                                (PtNDArray) velocities.get(name),
                                (float) rate,
                                weight.getShape().dimension() > 1 ? weightDecay : 0,
                                1,
                                NO_CLIPPING,
                                momentum));
    }
}
