// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import org.deepdefense.model.Classifier;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to change images so that a network errs. A plug-in implements one of {@link
 * FixedBudgetAttack} and {@link MinimumNormAttack}, or this interface itself if no norm of pixels
 * measures what it does (a rotation), and registers it as an OSGi service under {@code Attack},
 * named by {@link AttackPlugin}.
 *
 * <p>An attack holds no state: one instance serves many runs at once. The framework checks and
 * clips what it returns, recomputes its success and measures its norms; samples that fulfil the
 * criterion already are never shown to it. Arrays that it creates on the manager of the images are
 * released with the batch; an attack of many steps releases those of a step with {@link
 * ai.djl.ndarray.NDScope}.
 *
 * @param <P> the parameters: an annotation type whose methods have defaults, so that Config Admin,
 *     the shell and the record of a run all know them
 */
@ConsumerType
public interface Attack<P> {

    /**
     * Returns the type of the parameters. A length in the space of pixels, such as a step, is a
     * multiple of the range of the bounds, so that its default means the same in 0 … 1 and in 0 …
     * 255. The framework adds two parameters: {@code epsilon}, the budget of a {@link
     * FixedBudgetAttack}, and {@code restarts}, how often an attack is run with other random
     * numbers on the samples that it has not fooled (with a minimum norm: on all samples, of which
     * the nearest image counts). A type that has one of these itself keeps it.
     *
     * @return the class of P
     */
    Class<P> parameters();

    /**
     * Attacks a batch.
     *
     * @param classifier the network under attack
     * @param images images (N, C, H, W) inside the bounds of the classifier; not to be changed
     * @param criterion what to reach
     * @param context parameters, random numbers, cancellation
     * @return adversarial images (N, C, H, W) on the manager of the images; where the attack fails,
     *     the best that it found
     */
    NDArray run(
            Classifier classifier, NDArray images, Criterion criterion, AttackContext<P> context);

    /**
     * Returns what the attack needs of the network. The framework gives it no more: a call that
     * asks for a gradient of a network that shows scores or decisions is an error, and where only
     * decisions are shown, {@link Classifier#predict} returns 1 for the predicted class and 0 for
     * the others.
     *
     * @return what {@link AttackPlugin#access} says: gradients, unless the attack does without
     */
    default Access access() {
        return Declarations.access(this);
    }

    /**
     * Tells whether the images returned lie inside the bounds of the classifier. The framework
     * holds an attack to its word.
     *
     * @param parameters the parameters of a run
     * @return true, unless the attack measures distances in an unbounded space, as the DeepFool
     *     paper does
     */
    default boolean isBounded(P parameters) {
        return true;
    }
}
