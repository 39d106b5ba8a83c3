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
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The diverse inputs iterative fast gradient sign method, DI²-FGSM (M-DI²-FGSM with a decay): the
 * gradients are taken at images that are shrunk and moved at random. An image leaves early only in
 * a step that does not change it.
 *
 * @see <a href="https://arxiv.org/abs/1803.06978">Xie, Zhang, Zhou, Bai, Wang, Ren, Yuille:
 *     Improving Transferability of Adversarial Examples with Input Diversity, CVPR 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.di_fgsm")
@AttackPlugin(
        name = "di-fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description =
                "gradients at randomly shrunk images, against overfitting to one network (L∞)",
        paper =
                "Xie, Zhang, Zhou, Bai, Wang, Ren, Yuille: Improving Transferability of Adversarial Examples with Input Diversity, CVPR 2019")
@Designate(ocd = DiFgsm.Parameters.class)
public final class DiFgsm implements FixedBudgetAttack<DiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack di-fgsm")
    public @interface Parameters {

        @AttributeDefinition(description = Describe.STEPS, min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.1;

        @AttributeDefinition(description = Describe.DECAY, min = "0")
        double decay() default 0;

        @AttributeDefinition(
                description = "smallest size of a shrunk image, as a share of its size",
                min = "0.1",
                max = "1")
        double resizeRate() default 0.9;

        @AttributeDefinition(
                description = "probability that a gradient is taken at a shrunk image",
                min = "0",
                max = "1")
        double diversityProbability() default 0.5;

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
                .climb(
                        images,
                        criterion,
                        Momentum.of(
                                p.decay(),
                                new InputDiversity(p.resizeRate(), p.diversityProbability())));
    }
}
