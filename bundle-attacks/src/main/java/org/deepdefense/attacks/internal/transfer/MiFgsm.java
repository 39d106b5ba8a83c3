// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Describe;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The momentum iterative fast gradient sign method: small steps along the sign of a decaying sum of
 * all gradients so far, each divided by its mean absolute value. (Foolbox leaves out the division.)
 *
 * @see <a href="https://arxiv.org/abs/1710.06081">Dong, Liao, Pang, Su, Zhu, Hu, Li: Boosting
 *     Adversarial Attacks with Momentum, CVPR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.mi_fgsm")
@AttackPlugin(
        name = "mi-fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "steps along the sign of a sum of gradients with momentum (L∞)",
        paper =
                "Dong, Liao, Pang, Su, Zhu, Hu, Li: Boosting Adversarial Attacks with Momentum, CVPR 2018")
@Designate(ocd = MiFgsm.Parameters.class)
public final class MiFgsm implements FixedBudgetAttack<MiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack mi-fgsm")
    public @interface Parameters {

        @AttributeDefinition(description = Describe.STEPS, min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.1;

        @AttributeDefinition(description = Describe.DECAY, min = "0")
        double decay() default 1;

        @AttributeDefinition(description = Describe.EARLY_STOP)
        boolean earlyStop() default true;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        double stepSize = p.relativeStepSize() * context.epsilon();
        return new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(
                                Norm.LINF, context.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climb(images, criterion, Momentum.of(p.decay(), Guide.GRADIENT));
    }
}
