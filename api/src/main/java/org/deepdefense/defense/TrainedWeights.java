// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/** The weights of a network that a training changes. */
@ProviderType
public interface TrainedWeights {

    /**
     * Returns the weights themselves.
     *
     * @return arrays of any shape by the path of their parameter, in the order of the network
     */
    Map<String, NDArray> arrays();

    /**
     * Differentiates a loss. Whatever else computing it changes in the network, such as running
     * means of batch normalisation, is put back.
     *
     * @param loss computes a scalar with its graph to the weights
     * @return a gradient for each weight without a graph, of its shape; 0 where the loss does not
     *     depend on it
     */
    Map<String, NDArray> gradients(Supplier<NDArray> loss);

    /**
     * Adds something to weights until it is taken back:
     *
     * <pre>{@code
     * try (WeightChange change = weights.add(steps)) {
     *     … the loss and its gradient …
     * }
     * }</pre>
     *
     * A graph that was recorded before cannot be differentiated any more.
     *
     * @param changes what to add to some of the weights, arrays of their shapes by path
     * @return puts the weights back, bit for bit
     */
    WeightChange add(Map<String, NDArray> changes);
}
