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
 * AutoAttack, the standard version in L2: APGD on the cross-entropy, targeted APGD, targeted FAB
 * and the square attack, each on the samples that resisted those before. Its robust accuracy is the
 * number that papers report. With three classes or fewer, where the ratio of APGD-T is not defined,
 * it warns and takes the difference of logits; the authors' code refuses. It warns, too, where the
 * square attack finds what gradients did not lead to.
 *
 * <p>The other versions are ensembles of the single attacks. The authors' {@code plus} is {@code
 * apgd-ce-l2}, {@code apgd-dlr-l2} and {@code fab-l2} with five restarts, {@code square-l2}, {@code
 * apgd-t-l2} and {@code fab-l2} with nine targets. Their {@code rand} is {@code apgd-ce-l2} and
 * {@code apgd-dlr-l2} for networks with random output, on gradients averaged over 20 passes;
 * nothing here averages them.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.autoattack_l2")
@AttackPlugin(
        name = "autoattack-l2",
        description = "APGD-CE, APGD-T, FAB-T and the square attack, one after the other (L2)",
        paper =
                "Croce, Hein: Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020")
@Designate(ocd = AutoAttackL2.Parameters.class)
public final class AutoAttackL2 implements FixedBudgetAttack<AutoAttackL2.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack autoattack-l2")
    public @interface Parameters {

        /** Returns the radius of the L2 ball. */
        @AttributeDefinition(
                description =
                        "largest Euclidean norm of the perturbation, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 1;

        /** Returns the number of steps. */
        @AttributeDefinition(description = "number of steps of each run of APGD and FAB", min = "1")
        int steps() default 100;

        /** Returns how many classes are tried. */
        @AttributeDefinition(
                description =
                        "how many of the most probable other classes are tried by APGD-T and FAB-T",
                min = "1")
        int targets() default 9;

        /** Returns the number of queries. */
        @AttributeDefinition(
                description = "number of steps of the square attack, each a forward pass",
                min = "1")
        int queries() default 5000;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
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
        return new Standard(Norm.L2, p.epsilon(), p.steps(), p.targets(), p.queries())
                .attack(classifier, images, criterion, context);
    }
}
