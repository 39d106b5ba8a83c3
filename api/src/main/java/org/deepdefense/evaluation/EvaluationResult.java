package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.attack.Norm;
import org.deepdefense.job.Provenance;

/**
 * How a network fares under an attack. Rates are in 0..1.
 *
 * <p>A minimum-norm attack starts from the predicted class of every image, right or wrong, as in
 * the DeepFool paper. A fixed-budget attack starts from the true class and spares the images that
 * are misclassified already.
 *
 * @param samples how many images were evaluated
 * @param accuracy benign accuracy
 * @param robustAccuracy the rate of images that are classified correctly even under attack; 0 for a
 *     minimum-norm attack that always succeeds
 * @param attacked how many images were attacked
 * @param successRate the rate of attacked images on which the attack succeeded, recomputed by the
 *     engine on the images that the attack returned
 * @param rho2 mean of ‖Δ‖₂/‖x‖₂ over the images, in the space of the network's inputs (equation 1
 *     of the Deep Defense paper); images that were not attacked or not fooled count with the
 *     perturbation that they have
 * @param rho2Pixels the same in the space of pixels
 * @param rho2Excluded how many images have ‖x‖₂ = 0 in either space and are left out of that mean
 * @param norm the norm that the attack minimises or is bounded by
 * @param meanNorm mean norm of the perturbations of fooled images, in pixels
 * @param medianNorm median norm over the attacked images, in pixels, where failures count as
 *     infinite
 * @param forwardsPerSample evaluations of the network for each attacked image
 * @param backwardsPerSample vector-Jacobian products for each attacked image
 * @param seconds how long the evaluation took
 * @param warnings oddities that make the numbers doubtful
 * @param provenance how the numbers came about
 */
public record EvaluationResult(
        int samples,
        double accuracy,
        double robustAccuracy,
        int attacked,
        double successRate,
        double rho2,
        double rho2Pixels,
        int rho2Excluded,
        Norm norm,
        double meanNorm,
        double medianNorm,
        double forwardsPerSample,
        double backwardsPerSample,
        double seconds,
        List<String> warnings,
        Provenance provenance) {}
