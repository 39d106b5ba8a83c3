// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Changes the objective of any defense, as adversarial weight perturbation does. A plug-in
 * registers it as an OSGi service, named by {@link ModifierPlugin}. It holds no state: one instance
 * serves many trainings at once.
 *
 * @param <P> the parameters: an annotation type whose methods have defaults
 */
@ConsumerType
public interface ObjectiveModifier<P> {

    /**
     * Returns the type of the parameters.
     *
     * @return the class of P
     */
    Class<P> parameters();

    /**
     * Begins a training, or goes on with one that was interrupted.
     *
     * @param inner the objective that is modified; the calls that are not of interest are passed on
     *     to it
     * @param context the network, the attack to defend against, parameters, what was kept
     * @return the objective of this training
     */
    Objective begin(Objective inner, DefenseContext<P> context);
}
