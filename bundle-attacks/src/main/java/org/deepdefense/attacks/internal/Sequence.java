package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Classifier;

/** Attacks one after the other, each on the samples that resisted those before. */
final class Sequence {

    /** What float arithmetic adds to a perturbation that uses its whole budget. */
    private static final double RELATIVE_TOLERANCE = 1e-4;

    private static final double ABSOLUTE_TOLERANCE = 5e-7;

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
     * @param members what to try, in this order
     * @return for each sample the first adversarial image, or else the last inside the budget
     */
    NDArray attack(NDArray images, Criterion criterion, List<Member> members) {
        NDArray result = images.duplicate();
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            for (Member member : members) {
                if (active.isEmpty()) {
                    break;
                }
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    attack(active, result, member);
                }
            }
        }
        return result;
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
