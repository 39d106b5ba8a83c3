// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Map;
import org.deepdefense.attack.Norm;
import org.osgi.annotation.versioning.ProviderType;

/** One image before and after an attack. */
@ProviderType
public interface AttackedImage {

    /**
     * Returns which image it is.
     *
     * @return its number in the data set, from 0
     */
    int index();

    /**
     * Returns the true class.
     *
     * @return the class of the image
     */
    int label();

    /**
     * Returns the name of the true class.
     *
     * @return the name
     */
    String labelName();

    /**
     * Returns the class that the network gives the clean image.
     *
     * @return the class
     */
    int prediction();

    /**
     * Returns the name of the class that the network gives the clean image.
     *
     * @return the name
     */
    String predictionName();

    /**
     * Returns the class that the network gives the attacked image.
     *
     * @return the class
     */
    int adversarialPrediction();

    /**
     * Returns the name of the class that the network gives the attacked image.
     *
     * @return the name
     */
    String adversarialName();

    /**
     * Returns how sure the network is of the clean image's class.
     *
     * @return the softmax probability, in 0..1
     */
    double confidence();

    /**
     * Returns how sure the network is of the attacked image's class.
     *
     * @return the softmax probability, in 0..1
     */
    double adversarialConfidence();

    /**
     * Tells whether the attack succeeded.
     *
     * @return whether the image fools the network
     */
    boolean success();

    /**
     * Tells whether the verdict means something.
     *
     * @return false if the attack failed where the gradients of the network are not finite numbers,
     *     which says nothing of the network
     */
    boolean evaluated();

    /**
     * Returns the clean image.
     *
     * @return its pixels
     */
    Picture clean();

    /**
     * Returns the attacked image.
     *
     * @return its pixels
     */
    Picture adversarial();

    /**
     * Returns the size of the perturbation.
     *
     * @return norms in pixels
     */
    Map<Norm, Double> norms();

    /**
     * Returns the relative size of the perturbation in the space of the network's inputs.
     *
     * @return ‖Δ‖₂/‖x‖₂; not a number if ‖x‖₂ = 0
     */
    double rho2();
}
