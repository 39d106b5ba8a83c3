// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Map;
import org.deepdefense.attack.Norm;
import org.osgi.annotation.versioning.ProviderType;

/** How one image fared. */
@ProviderType
public interface SampleResult {

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
     * Returns the class that the network gives the clean image.
     *
     * @return the class
     */
    int prediction();

    /**
     * Tells whether the image was attacked. One that is misclassified already is spared by attacks
     * with a fixed budget, and one that was fooled before is spared by the rest of an ensemble.
     *
     * @return whether it was attacked
     */
    boolean attacked();

    /**
     * Tells whether the image is fooled, with or without this attack, as recomputed by the engine
     * on the image that the attack returned.
     *
     * @return whether it is fooled
     */
    boolean success();

    /**
     * Tells whether all gradients that the attack took of the image were finite numbers.
     *
     * @return true also for an attack that takes none
     */
    boolean finiteGradients();

    /**
     * Returns the class that the network gives the attacked image.
     *
     * @return the class
     */
    int adversarialPrediction();

    /**
     * Returns the size of the change in every norm.
     *
     * @return norms in pixels; L0 counts the pixel components that were changed
     */
    Map<Norm, Double> norms();

    /**
     * Returns the relative size of the change in the space of the network's inputs.
     *
     * @return ‖Δ‖₂/‖x‖₂; not a number if ‖x‖₂ = 0
     */
    double rho2();

    /**
     * Returns the relative size of the change in the space of pixels.
     *
     * @return ‖Δ‖₂/‖x‖₂; not a number if ‖x‖₂ = 0
     */
    double rho2Pixels();

    /**
     * Returns how often the network was evaluated.
     *
     * @return evaluations for one image, the mean over the attacked images of the batch
     */
    double forwards();

    /**
     * Returns how often the network was differentiated.
     *
     * @return vector-Jacobian products, counted as {@link #forwards()}
     */
    double backwards();

    /**
     * Tells whether the network is right about the clean image.
     *
     * @return whether the prediction is the label
     */
    default boolean isCorrect() {
        return prediction() == label();
    }

    /**
     * Tells whether the verdict means something. Gradients that are NaN or infinite lead an attack
     * nowhere: that it did not fool the image says nothing of the network.
     *
     * @return false if it met such gradients and is not fooled
     */
    default boolean isEvaluated() {
        return success() || finiteGradients();
    }

    /**
     * Returns the size of the change.
     *
     * @param norm in which norm
     * @return the norm, in pixels
     */
    default double norm(Norm norm) {
        return norms().get(norm);
    }
}
