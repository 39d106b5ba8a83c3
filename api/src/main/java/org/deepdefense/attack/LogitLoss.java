// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an attack increases: a loss of the logits of each sample of one batch, with its derivative
 * in closed form, so that the graph of an attack ends at the logits: for small networks that of the
 * loss would cost more than the network. {@link LogitLosses} has the usual ones; a {@link
 * Criterion} carries one.
 *
 * <p>A loss holds what it has to know of each sample (its label, probabilities to keep away from)
 * in arrays with a row for each, which it never changes. {@link #map} reaches them: that is how
 * samples leave a batch, and how the framework lends an attack copies.
 */
@ConsumerType
public interface LogitLoss {

    /**
     * Returns the loss of each sample.
     *
     * @param logits logits (N, K); −∞ rules a class out
     * @return losses (N), differentiable if the logits are
     */
    NDArray value(NDArray logits);

    /**
     * Returns the derivative of each loss by the logits of its sample.
     *
     * @param logits logits (N, K) without a graph; −∞ rules a class out
     * @return derivatives (N, K), finite, without a graph
     */
    NDArray derivative(NDArray logits);

    /**
     * Returns the same loss of other samples.
     *
     * @param change is given each array of the loss, which has one row a sample, once and always in
     *     the same order, and returns what takes its place
     * @return a loss of the returned arrays
     */
    LogitLoss map(UnaryOperator<NDArray> change);

    /**
     * Returns the loss of some of the samples.
     *
     * @param rows the indices of the samples (M), int64
     * @return their loss
     */
    default LogitLoss select(NDArray rows) {
        return map(array -> array.get(new NDIndex("{}", rows)));
    }
}
