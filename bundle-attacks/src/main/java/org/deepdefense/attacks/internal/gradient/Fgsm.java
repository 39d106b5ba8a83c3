// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The fast gradient sign method: x + ε·sign(∇ₓL), clipped into the bounds, where L is the
 * cross-entropy of the label and sign(0) = 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy: Explaining and
 *     Harnessing Adversarial Examples, ICLR 2015</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fgsm")
@AttackPlugin(
        name = "fgsm",
        description = "one step along the sign of the gradient (L∞)",
        paper =
                "Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples, ICLR 2015")
@Designate(ocd = Fgsm.Parameters.class)
public final class Fgsm implements FixedBudgetAttack<Fgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack fgsm")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;
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
        return new Ascent(
                        classifier,
                        context,
                        Ascent.Plan.oneStep(Norm.LINF, context.parameters().epsilon()))
                .climb(images, criterion, Guide.GRADIENT);
    }
}
