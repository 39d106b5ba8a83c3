// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one training minimises. For each batch the training loop calls {@link #prepare} for each
 * shard, {@link #perturb} once, asks for the losses of the shards and differentiates their sum,
 * takes the perturbation of the weights back, updates them, and calls {@link #afterUpdate}.
 *
 * <p>What it keeps from batch to batch is in {@link DefenseContext#state()}, which goes into
 * checkpoints; fields of the object itself are lost when a training is interrupted.
 */
@ConsumerType
public interface Objective {

    /** Does nothing when it is closed. */
    WeightChange UNCHANGED = () -> {};

    /**
     * Does what comes before the loss and needs no graph, such as attacks, and returns the rest.
     *
     * @param shard rows of a batch
     * @return computes what these rows add to the loss of the whole batch, a scalar with its graph
     *     to the parameters of the network, such that the sum over all shards is the loss. It may
     *     be asked several times, with other weights of the network
     */
    Supplier<NDArray> prepare(Shard shard);

    /**
     * Changes the weights at which the loss is differentiated.
     *
     * @param losses what {@link #prepare} returned for the shards of the batch, in their order
     * @return takes the change back, bit for bit
     */
    default WeightChange perturb(List<Supplier<NDArray>> losses) {
        return UNCHANGED;
    }

    /**
     * Adjusts the parameters after each update, as Parseval training does. Changes are made in
     * place, and are not recorded in a graph.
     */
    default void afterUpdate() {}
}
