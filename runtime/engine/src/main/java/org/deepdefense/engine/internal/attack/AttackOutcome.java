// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Criterion;

/**
 * What came of an attack on a batch.
 *
 * @param adversarials the images (N, C, H, W) after the attack; those that fulfilled the criterion
 *     before it are unchanged
 * @param attacked which samples were attacked (N), boolean
 * @param success which samples fulfil the criterion (N), boolean, as recomputed on the images
 * @param finiteGradients for which samples all gradients were finite numbers that the attack took
 *     of them (N), boolean; true for those that it took none of
 * @param logits the logits (N, K) of the images before the attack
 * @param adversarialLogits the logits (N, K) of the images after the attack
 * @param criterion what was to be reached
 */
public record AttackOutcome(
        NDArray adversarials,
        NDArray attacked,
        NDArray success,
        NDArray finiteGradients,
        NDArray logits,
        NDArray adversarialLogits,
        Criterion criterion) {}
