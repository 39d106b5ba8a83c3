// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Norm;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How a network fares under one attack and budget, or under the worst of several. Rates are in
 * 0..1.
 */
@ProviderType
public interface AttackResult {

    /**
     * Returns what was run.
     *
     * @return the attack with the parameters that it was given, or {@code worst case}
     */
    String attack();

    /**
     * Returns the norm that the attack minimises or is bounded by.
     *
     * @return nothing for an attack that no norm measures, and for a worst case over several norms
     */
    Optional<Norm> norm();

    /**
     * Returns the budget in this norm that the attack was given or that its perturbations have to
     * keep to be counted.
     *
     * @return the budget, in pixels; nothing if any size counts
     */
    OptionalDouble epsilon();

    /**
     * Returns how many images were attacked of those that are classified correctly. Minimum-norm
     * attacks move misclassified images, too, which count in ρ₂ alone.
     *
     * @return a number of images
     */
    int attacked();

    /**
     * Returns how many of these images count neither as robust nor as fooled, because the attack
     * met gradients there that are NaN or infinite and did not fool them; in a worst case, those
     * that no attack evaluated.
     *
     * @return a number of images
     */
    int notEvaluated();

    /**
     * Returns the rate of the attacked images on which the attack succeeded within the budget,
     * recomputed by the engine on the images that the attack returned.
     *
     * @return the success rate
     */
    double successRate();

    /**
     * Returns the rate of images that are classified correctly even under attack, which those not
     * evaluated are not; for a member of an ensemble, under the members before it, too.
     *
     * @return the robust accuracy
     */
    double robustAccuracy();

    /**
     * Returns the mean of ‖Δ‖₂/‖x‖₂ over the images, in the space of the network's inputs (equation
     * 1 of the Deep Defense paper). Images that were not attacked or not fooled count with the
     * perturbation that they have; those not evaluated are left out.
     *
     * @return ρ₂
     */
    double rho2();

    /**
     * Returns the same in the space of pixels.
     *
     * @return ρ₂ of pixels
     */
    double rho2Pixels();

    /**
     * Returns how many images have ‖x‖₂ = 0 in either space and are left out of that mean.
     *
     * @return a number of images
     */
    int rho2Excluded();

    /**
     * Returns the distribution of ‖Δ‖₂/‖x‖₂ over the attacked images that it leaves, in the space
     * of the network's inputs.
     *
     * @return mean and quantiles
     */
    NormSummary rho2Sizes();

    /**
     * Returns how large the perturbations are of the attacked images that were evaluated.
     *
     * @return mean and quantiles in every norm
     */
    Map<Norm, NormSummary> norms();

    /**
     * Returns how often the network was evaluated.
     *
     * @return evaluations for each attacked image
     */
    double forwardsPerSample();

    /**
     * Returns how often the network was differentiated.
     *
     * @return vector-Jacobian products for each attacked image
     */
    double backwardsPerSample();

    /**
     * Returns how long the attack took. What comes from the cache counts with the time that it took
     * when it was computed.
     *
     * @return seconds
     */
    double seconds();

    /**
     * Returns how many images came from the cache.
     *
     * @return a number of images
     */
    int cached();

    /**
     * Returns how each image fared.
     *
     * @return the images in the order of the data set; none if the request did not ask for {@link
     *     EvaluationRequest.Option#IMAGES}
     */
    List<SampleResult> images();

    /**
     * Returns how large the perturbations are in the norm of the attack.
     *
     * @return the summary in {@link #norm()}, or in L2 if there is none
     */
    default NormSummary size() {
        return norms().get(norm().orElse(Norm.L2));
    }
}
