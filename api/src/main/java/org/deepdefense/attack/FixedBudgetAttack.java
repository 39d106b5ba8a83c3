// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An attack that does its worst inside a ball around the image, such as FGSM and PGD. The radius is
 * {@link AttackContext#epsilon}.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface FixedBudgetAttack<P> extends Attack<P> {

    /**
     * Returns the norm of the ball.
     *
     * @return what {@link AttackPlugin#norm} says
     * @throws IllegalStateException if it says nothing
     */
    default Norm norm() {
        return Declarations.norm(this);
    }
}
