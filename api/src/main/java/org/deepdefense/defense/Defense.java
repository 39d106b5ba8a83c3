// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Begins training objectives. One training loop serves all. A plug-in registers it as an OSGi
 * service, named by {@link DefensePlugin}. It holds no state: one instance serves many trainings at
 * once, each with an {@link Objective} of its own.
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
     * Begins a training, or goes on with one that was interrupted.
     *
     * @param context the network, the attack to defend against, parameters, what was kept
     * @return the objective of this training
     */
    Objective begin(DefenseContext<P> context);
}
