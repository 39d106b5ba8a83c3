// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Auto-PGD on the difference of logits ratio in L∞, whose gradients do not vanish for networks that
 * are sure of themselves. With three classes or fewer, for which it is not defined, it warns and
 * takes the difference of logits itself.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.apgd_dlr")
@AttackPlugin(
        name = "apgd-dlr",
        description = "PGD that chooses its steps itself, on the difference of logits ratio (L∞)",
        paper =
                "Croce, Hein: Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020")
@Designate(ocd = ApgdCe.Parameters.class)
public final class ApgdDlr implements FixedBudgetAttack<ApgdCe.Parameters> {

    @Override
    public Class<ApgdCe.Parameters> parameters() {
        return ApgdCe.Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
    }

    @Override
    public double epsilon(ApgdCe.Parameters parameters) {
        return parameters.epsilon();
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<ApgdCe.Parameters> context) {
        ApgdCe.Parameters p = context.parameters();
        return new AutoPgd(
                        new AutoPgd.Settings(
                                Norm.LINF,
                                p.epsilon(),
                                AutoPgd.Objective.LOGITS_RATIO,
                                0,
                                p.steps(),
                                p.restarts(),
                                p.rho(),
                                p.earlyStop()),
                        classifier,
                        context)
                .attack(images, criterion, context.random());
    }
}
