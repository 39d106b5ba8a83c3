// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An attack that does its worst inside a ball around the image, such as FGSM and PGD.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface FixedBudgetAttack<P> extends Attack<P> {

    /**
     * Returns the norm of the ball.
     *
     * @return a norm of pixels
     */
    Norm norm();

    /**
     * Returns the radius of the ball. Its parameter is called {@code epsilon}, so that an
     * evaluation can vary it.
     *
     * @param parameters the parameters of a run
     * @return the radius in units of pixels, 0 or more
     */
    double epsilon(P parameters);
}
