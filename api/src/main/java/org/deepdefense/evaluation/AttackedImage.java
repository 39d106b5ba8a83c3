// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Map;
import org.deepdefense.attack.Norm;

/**
 * One image before and after an attack.
 *
 * @param index the image in the data set
 * @param label its class
 * @param labelName the name of its class
 * @param prediction the class that the network gives the clean image
 * @param predictionName the name of that class
 * @param adversarialPrediction the class that the network gives the attacked image
 * @param adversarialName the name of that class
 * @param confidence the softmax probability of the clean image's class
 * @param adversarialConfidence the softmax probability of the attacked image's class
 * @param success whether the attack succeeded
 * @param evaluated false if the attack failed where the gradients of the network are not finite
 *     numbers, which says nothing of the network
 * @param clean the clean image
 * @param adversarial the attacked image
 * @param norms norms of the perturbation, in pixels
 * @param rho2 ‖Δ‖₂/‖x‖₂ in the space of the network's inputs
 */
public record AttackedImage(
        int index,
        int label,
        String labelName,
        int prediction,
        String predictionName,
        int adversarialPrediction,
        String adversarialName,
        double confidence,
        double adversarialConfidence,
        boolean success,
        boolean evaluated,
        Picture clean,
        Picture adversarial,
        Map<Norm, Double> norms,
        double rho2) {}
