// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An attack that looks for the smallest perturbation that fulfils the criterion, such as DeepFool.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface MinimumNormAttack<P> extends Attack<P> {

    /**
     * Returns the norm that is made small.
     *
     * @return what {@link AttackPlugin#norm} says
     * @throws IllegalStateException if it says nothing
     */
    default Norm norm() {
        return Declarations.norm(this);
    }
}
