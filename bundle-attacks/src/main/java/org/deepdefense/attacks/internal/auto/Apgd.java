// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.model.Classifier;

/**
 * Auto-PGD on one loss: no step size to choose, and never a loss below the best. A subclass
 * declares the norm and chooses the loss.
 */
abstract class Apgd implements FixedBudgetAttack<ApgdParameters> {

    static final String PAPER =
            "Croce, Hein: Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020";

    private final AutoPgd.Objective objective;

    Apgd(AutoPgd.Objective objective) {
        this.objective = objective;
    }

    @Override
    public final Class<ApgdParameters> parameters() {
        return ApgdParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<ApgdParameters> context) {
        ApgdParameters p = context.parameters();
        AutoPgd.Settings settings =
                new AutoPgd.Settings(
                        norm(), context.epsilon(), objective, 0, p.steps(), p.rho(), p.earlyStop());
        return new AutoPgd(settings, classifier, context)
                .attack(images, criterion, context.random());
    }
}
