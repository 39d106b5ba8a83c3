// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The framework repeats attacks, and keeps the best of each sample. */
class RestartsTest {

    private static final Shape IMAGE = new Shape(1, 2, 2);

    private final Networks networks = new Networks();
    private final Classifier classifier = networks.twoClass(IMAGE);

    /** All pixels are 0.75, so that the boundary is where 0.25 of each is gone. */
    private final NDArray images = networks.manager().full(new Shape(4, 1, 2, 2), 0.75f);

    private final Criterion goal =
            Criterion.misclassification(classifier.predict(images).argMax(1));

    @AfterEach
    void close() {
        networks.close();
    }

    /** They take nothing. */
    @interface Nothing {}

    /** Darkens images by a random amount up to the budget, and remembers how many it was shown. */
    @AttackPlugin(name = "dice", type = AttackType.FIXED_BUDGET, norm = Norm.LINF, epsilon = 0.5)
    private record Dice(List<Long> shown) implements FixedBudgetAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            shown.add(images.getShape().get(0));
            return darkened(images, context);
        }

        static NDArray darkened(NDArray images, AttackContext<Nothing> context) {
            NDArray amount =
                    context.random().uniform(images.getManager(), new Shape(1), 0, 0.5).flatten();
            return images.sub(Norm.broadcast(amount, images));
        }
    }

    /** The same, but the smallest amount counts. */
    @AttackPlugin(name = "least", type = AttackType.MINIMUM_NORM, norm = Norm.LINF)
    private static final class Least implements MinimumNormAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            return Dice.darkened(images, context);
        }
    }

    @Test
    void samplesThatAreDoneAreNotAttackedAgain() {
        List<Long> shown = new ArrayList<>();
        AttackRun<?> dice = AttackRun.of(new Dice(shown)).with("restarts", 30);
        AttackOutcome outcome = dice.on(classifier, images, goal);
        assertEquals(4, outcome.success().countNonzero().getLong(), "all succeed in the end");
        assertTrue(shown.size() > 1 && shown.size() < 30, "runs of " + shown);
        for (int i = 1; i < shown.size(); i++) {
            assertTrue(shown.get(i) <= shown.get(i - 1), "runs of " + shown);
        }
        assertArrayEquals(
                outcome.adversarialLogits().toFloatArray(),
                classifier.predict(outcome.adversarials()).toFloatArray());
    }

    @Test
    void theFirstSuccessStays() {
        AttackRun<?> dice = AttackRun.of(new Dice(new ArrayList<>()));
        AttackOutcome first = dice.with("restarts", 3).on(classifier, images, goal);
        AttackOutcome best = dice.with("restarts", 9).on(classifier, images, goal);
        boolean[] success = first.success().toBooleanArray();
        assertTrue(first.success().any().getBoolean(), "one succeeds in three runs");
        for (int i = 0; i < success.length; i++) {
            if (success[i]) {
                assertEquals(first.adversarials().get(i), best.adversarials().get(i));
            }
        }
    }

    @Test
    void theNearestOfAllRunsCountsWithAMinimumNorm() {
        double last = Double.POSITIVE_INFINITY;
        for (int runs : new int[] {1, 3, 60}) {
            AttackOutcome outcome =
                    AttackRun.of(new Least()).with("restarts", runs).on(classifier, images, goal);
            NDArray reached = outcome.success();
            NDArray norms = Norm.LINF.of(outcome.adversarials().sub(images));
            double mean = NDArrays.where(reached, norms, norms.onesLike()).mean().getFloat();
            assertTrue(mean <= last, mean + " > " + last);
            last = mean;
        }
        assertTrue(last < 0.3 && last >= 0.25, "nearest on average: " + last);
    }

    @Test
    void trainingOnWorstCasesRepeatsToo() {
        List<Long> shown = new ArrayList<>();
        NDArray result =
                AttackRun.of(new Dice(shown))
                        .with("restarts", 30)
                        .onEveryRow(classifier, images, goal);
        assertTrue(goal.isAdversarial(classifier.predict(result)).all().getBoolean());
        assertTrue(shown.size() > 1, "runs of " + shown);
    }
}
