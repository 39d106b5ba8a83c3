// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A training objective. One training loop serves all: it asks for the loss of a batch, updates the
 * parameters by its gradient, and then lets the defense adjust them. A plug-in registers it as an
 * OSGi service, named by {@link DefensePlugin}. It holds no state: one instance serves many
 * trainings at once.
 *
 * @param <P> the parameters: an annotation type whose methods have defaults
 */
@ConsumerType
public interface Defense<P> {

    /**
     * Returns the type of the parameters.
     *
     * @return the class of P
     */
    Class<P> parameters();

    /**
     * Returns the loss of a batch.
     *
     * @param context the network, the attack to defend against, parameters
     * @param images images (N, C, H, W)
     * @param labels classes (N), int64
     * @return a scalar with its graph to the parameters of the network
     */
    NDArray loss(DefenseContext<P> context, NDArray images, NDArray labels);

    /**
     * Adjusts the parameters after each update, as Parseval training does. Changes are made in
     * place, and are not recorded in a graph.
     *
     * @param context the network, the attack to defend against, parameters
     * @param network the network whose parameters were updated
     */
    default void afterUpdate(DefenseContext<P> context, Block network) {}
}
