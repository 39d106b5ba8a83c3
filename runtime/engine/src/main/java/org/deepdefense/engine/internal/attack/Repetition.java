// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;

/**
 * The best of several runs of an attack, each with random numbers of its own. A run that succeeds
 * is the last of its sample, unless the nearest image is looked for: then all runs count.
 *
 * @param images for each sample the nearest adversarial image, or the first; where none was found,
 *     what the last run returned (N, C, H, W)
 * @param logits their logits (N, K)
 * @param success which are adversarial (N), boolean
 */
record Repetition(NDArray images, NDArray logits, NDArray success) {

    /** One run on some of the samples of a batch. */
    @FunctionalInterface
    interface Run {

        /** Returns attacked images (M, C, H, W), an array of its own. */
        NDArray attack(NDArray images, Criterion criterion, RunControl control);
    }

    /** Runs an attack again, as often as it is to be run, and keeps what is better, in place. */
    void improve(
            BoundAttack<?> bound,
            Classifier classifier,
            NDArray clean,
            Criterion criterion,
            RunControl control,
            Run run) {
        boolean nearest = bound.attack() instanceof MinimumNormAttack<?>;
        for (int i = 1; i < bound.restarts(); i++) {
            control.checkCancelled().run();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray again = nearest ? success.onesLike() : success.logicalNot();
                NDArray rows = again.nonzero().flatten();
                if (rows.isEmpty()) {
                    break;
                }
                NDArray attacked =
                        run.attack(
                                clean.get(new NDIndex("{}", rows)),
                                criterion.select(rows),
                                control.select(rows.toLongArray()));
                replaceWorse(bound, classifier, clean, criterion, rows, attacked);
            }
        }
    }

    /** Puts the results of another run in the place of worse ones. */
    private void replaceWorse(
            BoundAttack<?> bound,
            Classifier classifier,
            NDArray clean,
            Criterion criterion,
            NDArray rows,
            NDArray again) {
        NDIndex at = new NDIndex("{}", rows);
        NDArray againLogits = classifier.predict(again);
        NDArray reached = criterion.select(rows).isAdversarial(againLogits);
        NDArray better = success.get(at).logicalNot();
        if (bound.attack() instanceof MinimumNormAttack<?> attack) {
            Norm norm = attack.norm();
            NDArray origin = clean.get(at);
            NDArray nearer = norm.of(again.sub(origin)).lt(norm.of(images.get(at).sub(origin)));
            better = better.logicalOr(reached.logicalAnd(nearer));
        }
        NDArray positions = better.nonzero().flatten();
        if (!positions.isEmpty()) {
            NDIndex from = new NDIndex("{}", positions);
            NDIndex to = new NDIndex("{}", rows.get(from));
            images.set(to, again.get(from));
            logits.set(to, againLogits.get(from));
            success.set(to, reached.get(from));
        }
    }
}
