// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import org.deepdefense.model.Classifier;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An attack whose perturbation is a differentiable function of the network's parameters, as Deep
 * Defense (Yan, Guo, Zhang, NeurIPS 2018, section 3.2) makes of DeepFool.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface DifferentiableAttack<P> extends MinimumNormAttack<P> {

    /**
     * Attacks a batch and keeps the graph from the parameters of the network to the perturbation.
     * Samples that fulfil the criterion already get a perturbation of zeros.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W) that require a gradient
     * @param logits the logits (N, K) of these images, with their graph, so that the forward pass
     *     is shared with the loss that the caller computes from it
     * @param criterion what to reach
     * @param context parameters, random numbers, cancellation
     * @return perturbations (N, C, H, W), differentiable
     */
    NDArray perturbation(
            Classifier classifier,
            NDArray images,
            NDArray logits,
            Criterion criterion,
            AttackContext<P> context);
}
