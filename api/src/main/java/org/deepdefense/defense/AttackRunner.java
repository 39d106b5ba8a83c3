// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Criterion;
import org.deepdefense.model.Classifier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An attack with its parameters, ready to be run by a defense: the framework checks inputs and
 * results.
 */
@ProviderType
public interface AttackRunner {

    /**
     * Returns the name of the attack.
     *
     * @return the name
     */
    String name();

    /**
     * Tells whether {@link #perturbation} is available.
     *
     * @return whether the attack is a {@link org.deepdefense.attack.DifferentiableAttack}
     */
    boolean isDifferentiable();

    /**
     * Attacks those samples of a batch that need it, as an evaluation does.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W) inside the bounds
     * @param criterion what to reach
     * @return adversarial images (N, C, H, W) without a graph; samples that fulfil the criterion
     *     already are unchanged
     */
    NDArray adversarials(Classifier classifier, NDArray images, Criterion criterion);

    /**
     * Attacks every sample of a batch, as a defense needs it that trains on the worst that an
     * attack can do: of a sample that fulfils the criterion already, an attack with a fixed budget
     * raises the loss all the same. An attack that looks for the smallest perturbation leaves it as
     * it is.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W) inside the bounds
     * @param criterion what to reach
     * @return attacked images (N, C, H, W) without a graph
     */
    NDArray worstCases(Classifier classifier, NDArray images, Criterion criterion);

    /**
     * Attacks a batch and keeps the graph to the parameters of the network.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with the graph
     * @param criterion what to reach
     * @return perturbations (N, C, H, W), differentiable; zeros for samples that fulfil the
     *     criterion already
     * @throws UnsupportedOperationException if the attack is not differentiable
     */
    NDArray perturbation(
            Classifier classifier, NDArray images, NDArray logits, Criterion criterion);
}
