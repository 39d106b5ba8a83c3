// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Norm;

/**
 * How a network fares under one attack and budget, or under the worst of several. Rates are in
 * 0..1.
 *
 * @param attack the attack with the parameters that it was given, or {@code worst case}
 * @param norm the norm that the attack minimises or is bounded by; nothing for an attack that no
 *     norm measures, and for a worst case over several norms
 * @param epsilon the budget in this norm, in pixels, that the attack was given or that its
 *     perturbations have to keep to be counted; nothing if any size counts
 * @param attacked how many images were attacked of those that are classified correctly;
 *     minimum-norm attacks move misclassified images, too, which count in ρ₂ alone
 * @param notEvaluated how many of these images count neither as robust nor as fooled, because the
 *     attack met gradients there that are NaN or infinite and did not fool them; in a worst case,
 *     those that no attack evaluated
 * @param successRate the rate of the attacked images on which the attack succeeded within the
 *     budget, recomputed by the engine on the images that the attack returned
 * @param robustAccuracy the rate of images that are classified correctly even under attack, which
 *     those not evaluated are not; for a member of an ensemble, under the members before it, too
 * @param rho2 mean of ‖Δ‖₂/‖x‖₂ over the images, in the space of the network's inputs (equation 1
 *     of the Deep Defense paper); images that were not attacked or not fooled count with the
 *     perturbation that they have; those not evaluated are left out
 * @param rho2Pixels the same in the space of pixels
 * @param rho2Excluded how many images have ‖x‖₂ = 0 in either space and are left out of that mean
 * @param rho2Sizes the distribution of ‖Δ‖₂/‖x‖₂ over the attacked images that it leaves, in the
 *     space of the network's inputs
 * @param norms how large the perturbations are of the attacked images that were evaluated, in every
 *     norm
 * @param forwardsPerSample evaluations of the network for each attacked image
 * @param backwardsPerSample vector-Jacobian products for each attacked image
 * @param seconds how long the attack took; what comes from the cache counts with the time that it
 *     took when it was computed
 * @param cached how many images came from the cache
 * @param images how each image fared, in the order of the data set; empty if the request did not
 *     ask for {@link EvaluationRequest.Option#IMAGES}
 */
public record AttackResult(
        String attack,
        Optional<Norm> norm,
        OptionalDouble epsilon,
        int attacked,
        int notEvaluated,
        double successRate,
        double robustAccuracy,
        double rho2,
        double rho2Pixels,
        int rho2Excluded,
        NormSummary rho2Sizes,
        Map<Norm, NormSummary> norms,
        double forwardsPerSample,
        double backwardsPerSample,
        double seconds,
        int cached,
        List<SampleResult> images) {

    /**
     * Returns the figures alone.
     *
     * @return the same result without images
     */
    public AttackResult withoutImages() {
        return new AttackResult(
                attack,
                norm,
                epsilon,
                attacked,
                notEvaluated,
                successRate,
                robustAccuracy,
                rho2,
                rho2Pixels,
                rho2Excluded,
                rho2Sizes,
                norms,
                forwardsPerSample,
                backwardsPerSample,
                seconds,
                cached,
                List.of());
    }

    /**
     * Returns how large the perturbations are in the norm of the attack.
     *
     * @return the summary in {@link #norm()}, or in L2 if there is none
     */
    public NormSummary size() {
        return norms.get(norm.orElse(Norm.L2));
    }
}
