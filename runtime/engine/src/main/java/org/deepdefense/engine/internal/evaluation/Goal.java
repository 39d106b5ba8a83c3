// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Criterion;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.evaluation.Target;

/**
 * What attacks are to reach: a target or, without one, any other class.
 *
 * @param target the class to reach, if any
 * @param seed decides about random targets and other random numbers
 */
record Goal(Optional<Target> target, long seed) {

    /** Keeps the images of one seed apart from those of the next. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /**
     * Checks that a data set has the class.
     *
     * @throws DeepDefenseException if it has not
     */
    void check(int classes) {
        int label = target.map(aim -> aim.label().orElse(0)).orElse(0);
        if (label >= classes) {
            throw new DeepDefenseException(
                    "There is no class " + label + " to aim at",
                    "give a number from 0 to " + (classes - 1));
        }
    }

    /**
     * Returns the criterion of a batch. Without a target, a minimum-norm attack leaves the
     * predicted class, as in the DeepFool paper; a fixed-budget attack leaves the true class, which
     * spares images that are misclassified already.
     *
     * @param attack what is to reach it
     * @param logits logits of the clean images (N, K)
     * @param labels their classes (N)
     * @param indices which images of the data set they are (N)
     */
    Criterion criterion(AttackUse attack, NDArray logits, long[] labels, int... indices) {
        return target.isPresent() || attack.isMinimumNorm()
                ? criterion(logits, labels, indices)
                : Criterion.misclassification(logits.getManager().create(labels));
    }

    /**
     * Returns the criterion of a batch in which every image is attacked, whether the network is
     * right about it or not.
     *
     * @param logits logits of the clean images (N, K)
     * @param labels their classes (N)
     * @param indices which images of the data set they are (N)
     */
    Criterion criterion(NDArray logits, long[] labels, int... indices) {
        return target.isPresent()
                ? Criterion.targeted(
                        logits.getManager().create(targets(target.get(), logits, labels, indices)))
                : Criterion.misclassification(logits.argMax(1));
    }

    private long[] targets(Target aim, NDArray logits, long[] labels, int... indices) {
        if (aim.choice() == Target.Choice.LEAST_LIKELY) {
            return logits.argMin(1).toLongArray();
        }
        long classes = logits.getShape().get(1);
        return IntStream.range(0, labels.length)
                .mapToLong(i -> target(aim, labels[i], indices[i], classes))
                .toArray();
    }

    private long target(Target aim, long label, int index, long classes) {
        return switch (aim.choice()) {
            case CLASS -> aim.label().getAsInt();
            case RANDOM ->
                    (label + new SplittableRandom(seed + SPREAD * index).nextLong(1, classes))
                            % classes;
            default -> (label + 1) % classes;
        };
    }
}
