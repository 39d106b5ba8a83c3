// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.model.Classifier;

/**
 * Auto-PGD on the targeted difference of logits ratio: a run toward each of the most probable other
 * classes, until a sample is misclassified as any. A subclass declares the norm.
 */
abstract class ApgdTargeted implements FixedBudgetAttack<ApgdTargetedParameters> {

    @Override
    public final Class<ApgdTargetedParameters> parameters() {
        return ApgdTargetedParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<ApgdTargetedParameters> context) {
        ApgdTargetedParameters p = context.parameters();
        AutoPgd.Settings settings =
                new AutoPgd.Settings(
                        norm(),
                        context.epsilon(),
                        AutoPgd.Objective.TARGETED_RATIO,
                        p.targets(),
                        p.steps(),
                        p.rho(),
                        p.earlyStop());
        return new AutoPgd(settings, classifier, context)
                .attack(images, criterion, context.random());
    }
}
