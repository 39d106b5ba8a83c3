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
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Auto-PGD on the cross-entropy in L∞: no step size to choose, and never a loss below the best.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.apgd_ce")
@AttackPlugin(
        name = "apgd-ce",
        description = "PGD that chooses its steps itself, on the cross-entropy (L∞)",
        paper =
                "Croce, Hein: Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020")
@Designate(ocd = ApgdCe.Parameters.class)
public final class ApgdCe implements FixedBudgetAttack<ApgdCe.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack apgd-ce")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps of a run, each a forward and a backward pass",
                min = "1")
        int steps() default 100;

        /** Returns the number of runs. */
        @AttributeDefinition(
                description =
                        "runs from different random points, for the samples not yet successful",
                min = "1")
        int restarts() default 1;

        /** Returns how often the loss must rise. */
        @AttributeDefinition(
                description =
                        "the step is halved where the loss has risen in no larger share of the steps since the last checkpoint (ρ in the paper)",
                min = "0",
                max = "1")
        double rho() default 0.75;

        /** Returns whether an image that is adversarial is left as it is. */
        @AttributeDefinition(
                description =
                        "whether an image stays where it is first seen to be adversarial; otherwise its loss is increased further, as in other libraries and for training on the results")
        boolean earlyStop() default true;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
    }

    @Override
    public double epsilon(Parameters parameters) {
        return parameters.epsilon();
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        return new AutoPgd(
                        new AutoPgd.Settings(
                                Norm.LINF,
                                p.epsilon(),
                                AutoPgd.Objective.CROSS_ENTROPY,
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
