// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Classifier;

/** Repeats a random attack for the samples that it has not changed enough. */
public final class Attempts {

    private Attempts() {}

    /** One attempt at some of the samples of a batch. */
    @FunctionalInterface
    public interface Attempt {

        /** Returns attacked images (M, C, H, W), arrays of their own. */
        NDArray run(NDArray images, Criterion criterion, SampleRandom random);
    }

    /**
     * Attacks each sample until the first success.
     *
     * @param attempts how often at most
     * @param classifier the network under attack
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param context of the attack
     * @param attempt what to try
     * @return for each sample the result of its last attempt
     */
    public static NDArray untilSuccess(
            int attempts,
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<?> context,
            Attempt attempt) {
        NDArray result = attempt.run(images, criterion, context.random());
        for (int i = 1; i < attempts; i++) {
            context.checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray reached = criterion.isAdversarial(classifier.predict(result));
                NDArray rows = reached.logicalNot().nonzero().flatten();
                if (rows.isEmpty()) {
                    break;
                }
                NDIndex remaining = new NDIndex("{}", rows);
                NDArray again =
                        attempt.run(
                                images.get(remaining),
                                criterion.select(rows),
                                context.random().select(rows.toLongArray()));
                result.set(remaining, again);
            }
        }
        return result;
    }
}
