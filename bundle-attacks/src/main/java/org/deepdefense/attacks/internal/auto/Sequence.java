// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.model.Classifier;

/**
 * Attacks one after the other, each on the samples that resisted those before. An attack that sees
 * less of the network than those before it should not find what these missed; it warns if one does.
 */
final class Sequence {

    /** What float arithmetic adds to a perturbation that uses its whole budget. */
    private static final double RELATIVE_TOLERANCE = 1e-4;

    private static final double ABSOLUTE_TOLERANCE = 5e-7;

    /** How many samples, and what share of a batch, an attack without gradients may find. */
    private static final int FEW = 1;

    private static final double SMALL_SHARE = 0.002;

    private final Classifier classifier;
    private final AttackContext<?> context;
    private final Norm norm;
    private final double epsilon;

    /** An attack on some of the samples of a batch. */
    @FunctionalInterface
    interface Member {

        /** Returns attacked images (M, C, H, W); those outside the budget don't count. */
        NDArray attack(NDArray images, Criterion criterion, SampleRandom random);
    }

    /**
     * A member of the sequence.
     *
     * @param name what to call it in a warning
     * @param access what it is given of the network
     * @param member how it attacks
     */
    record Entry(String name, Access access, Member member) {}

    /**
     * Plans attacks.
     *
     * @param classifier the network under attack
     * @param context of the attack
     * @param norm the norm of the budget
     * @param epsilon the budget
     */
    Sequence(Classifier classifier, AttackContext<?> context, Norm norm, double epsilon) {
        this.classifier = classifier;
        this.context = context;
        this.norm = norm;
        this.epsilon = epsilon;
    }

    /**
     * Attacks a batch.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param entries what to try, in this order
     * @return for each sample the first adversarial image, or else the last inside the budget
     */
    NDArray attack(NDArray images, Criterion criterion, List<Entry> entries) {
        NDArray result = images.duplicate();
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            for (Entry entry : entries) {
                if (active.isEmpty()) {
                    break;
                }
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    int before = active.count();
                    attack(active, result, entry.member());
                    compare(entry, before - active.count(), before, images.getShape().get(0));
                }
            }
        }
        return result;
    }

    /** Warns if an attack without gradients found what those with gradients did not. */
    private void compare(Entry entry, int fooled, int standing, long batch) {
        if (entry.access() != Access.GRADIENTS && fooled > FEW && fooled > SMALL_SHARE * batch) {
            context.warn(
                    entry.name()
                            + ", which uses no gradients, fooled "
                            + fooled
                            + " of the "
                            + standing
                            + " images that the attacks with gradients left: the gradients are"
                            + " masked, or those attacks are too weak");
        }
    }

    private void attack(ActiveSamples active, NDArray result, Member member) {
        NDArray found = member.attack(active.images(), active.criterion(), active.random());
        NDArray inside =
                norm.of(found.sub(active.images()))
                        .lte(epsilon * (1 + RELATIVE_TOLERANCE) + ABSOLUTE_TOLERANCE);
        active.write(result, found, inside);
        NDArray reached = active.criterion().isAdversarial(classifier.predict(found));
        active.retain(reached.logicalAnd(inside).logicalNot());
    }
}
