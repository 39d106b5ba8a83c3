// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.job.Provenance;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How a network fares under attacks.
 *
 * <p>A minimum-norm attack starts from the predicted class of every image, right or wrong, as in
 * the DeepFool paper. A fixed-budget attack starts from the true class and spares the images that
 * are misclassified already; so does every attack of an ensemble. Success rates and norms are over
 * the images that are classified correctly. A {@link EvaluationRequest#target() target} is to be
 * reached by all images that are not there yet.
 *
 * <p>An image is not evaluated by an attack that met gradients there that are not finite numbers,
 * and did not fool it. It counts neither as robust nor as fooled: accuracy is robust accuracy, plus
 * the share of the images that were fooled, plus that of those not evaluated.
 *
 * <p>The worst case is taken image by image: an image falls if any attack fooled it within the
 * budget, and is not evaluated only if no attack evaluated it. A budget means something in its own
 * norm only, so there is a worst case for each norm and budget, over the attacks of that norm.
 * Attacks whose results may leave the bounds of pixels have no say in it, unless all may.
 */
@ProviderType
public interface EvaluationResult {

    /**
     * Returns how many images were evaluated.
     *
     * @return a number of images
     */
    int samples();

    /**
     * Returns benign accuracy.
     *
     * @return the rate of images classified correctly without an attack, in 0..1
     */
    double accuracy();

    /**
     * Returns the attack if there is only one, else the worst case over all that count in one, at
     * the largest budget of each norm.
     *
     * @return how the network fares all in all
     */
    AttackResult overall();

    /**
     * Returns a row for each attack and budget; a minimum-norm attack that budgets are applied to
     * has a row without a budget, too (not in an ensemble).
     *
     * @return rows in the order of the request
     */
    List<AttackResult> attacks();

    /**
     * Returns a row for each norm and budget.
     *
     * @return rows in ascending order; none for an ensemble whose members have different budgets or
     *     norms, of which only {@link #overall()} means something
     */
    List<AttackResult> worstCases();

    /**
     * Returns how long the evaluation took.
     *
     * @return seconds
     */
    double seconds();

    /**
     * Returns oddities that make the numbers doubtful.
     *
     * @return sentences
     */
    List<String> warnings();

    /**
     * Returns how the numbers came about.
     *
     * @return all that is needed to repeat them
     */
    Provenance provenance();

    /**
     * Returns the rate of images that are classified correctly even under attack.
     *
     * @return the robust accuracy of {@link #overall()}, in 0..1
     */
    default double robustAccuracy() {
        return overall().robustAccuracy();
    }

    /**
     * Returns the rate of correctly classified images that were fooled.
     *
     * @return the success rate of {@link #overall()}, in 0..1
     */
    default double successRate() {
        return overall().successRate();
    }

    /**
     * Returns the mean relative size of the perturbations.
     *
     * @return ρ₂ of {@link #overall()}
     */
    default double rho2() {
        return overall().rho2();
    }
}
