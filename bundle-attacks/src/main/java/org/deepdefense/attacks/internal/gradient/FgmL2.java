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
 * The fast gradient method in L2: x + ε·∇ₓL/‖∇ₓL‖, where the norm is the Euclidean norm, clipped
 * into the bounds. L is the cross-entropy of the label.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy: Explaining and
 *     Harnessing Adversarial Examples, ICLR 2015</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fgm_l2")
@AttackPlugin(
        name = "fgm-l2",
        description = "one step along the gradient (L2)",
        paper =
                "Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples, ICLR 2015")
@Designate(ocd = FgmL2.Parameters.class)
public final class FgmL2 implements FixedBudgetAttack<FgmL2.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack fgm-l2")
    public @interface Parameters {

        /** Returns the radius of the L2 ball. */
        @AttributeDefinition(
                description =
                        "largest Euclidean norm of the perturbation, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 1;
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
        return new Ascent(
                        classifier,
                        context,
                        Ascent.Plan.oneStep(Norm.L2, context.parameters().epsilon()))
                .climb(images, criterion, Guide.GRADIENT);
    }
}
