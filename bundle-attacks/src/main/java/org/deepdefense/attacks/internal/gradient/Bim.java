// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

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
 * The basic iterative method: small steps of the fast gradient sign method from the image itself,
 * each clipped into the L∞ ball of radius ε and the bounds.
 *
 * @see <a href="https://arxiv.org/abs/1607.02533">Kurakin, Goodfellow, Bengio: Adversarial Examples
 *     in the Physical World, ICLR Workshop 2017</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.bim")
@AttackPlugin(
        name = "bim",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "steps along the sign of the gradient, starting at the image (L∞)",
        paper =
                "Kurakin, Goodfellow, Bengio: Adversarial Examples in the Physical World, ICLR Workshop 2017")
@Designate(ocd = Bim.Parameters.class)
public final class Bim implements FixedBudgetAttack<Bim.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack bim")
    public @interface Parameters {

        @AttributeDefinition(description = Describe.STEPS, min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.2;

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
                .climb(images, criterion, Guide.GRADIENT);
    }
}
