// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.engine.internal.work.OpenDataset;

/** Measures a network in training on images that it is never trained on. */
final class Validation {

    private final OpenDataset dataset;
    private final int[] held;
    private final AttackUse attack;
    private final JobControl control;
    private final TrainingPlan plan;

    Validation(
            OpenDataset dataset,
            int[] held,
            AttackUse attack,
            TrainingPlan plan,
            JobControl control) {
        this.dataset = dataset;
        this.held = held;
        this.attack = attack;
        this.plan = plan;
        this.control = control;
    }

    /**
     * What a network achieves.
     *
     * @param robust the share of the images that the attack leaves right
     * @param clean the share of the images that are right without it
     */
    record Score(double robust, double clean) {

        /** Tells whether this is more than another; what counts first is robustness. */
        boolean isBetterThan(Score other) {
            return robust > other.robust || (robust == other.robust && clean > other.clean);
        }
    }

    /** Measures, with the same random numbers each time. */
    Score of(BlockClassifier classifier) {
        int right = 0;
        int robust = 0;
        int batch = plan.request().batchSize();
        for (int first = 0; first < held.length; first += batch) {
            control.checkCancelled();
            control.update("validation with " + attack.name(), first, held.length, "");
            int[] indices = Arrays.copyOfRange(held, first, Math.min(held.length, first + batch));
            try (NDManager manager = NDManager.newBaseManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                AttackOutcome outcome = attack(classifier, manager, indices);
                NDArray resisting =
                        outcome.success().logicalNot().logicalAnd(outcome.finiteGradients());
                right += (int) outcome.attacked().countNonzero().getLong();
                robust += (int) resisting.countNonzero().getLong();
            }
        }
        return new Score((double) robust / held.length, (double) right / held.length);
    }

    private AttackOutcome attack(BlockClassifier classifier, NDManager manager, int... indices) {
        NDArray images = dataset.images(manager, indices);
        Criterion criterion = Criterion.misclassification(manager.create(dataset.labels(indices)));
        SampleRandom random =
                new SampleRandom(
                        plan.request().seed(), Arrays.stream(indices).asLongStream().toArray());
        return attack.execute(
                classifier,
                images,
                logits -> criterion,
                new RunControl(random, control::checkCancelled, control::warn));
    }
}
