// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

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
 * The momentum iterative fast gradient sign method: small steps along the sign of a decaying sum of
 * all gradients so far, each divided by its mean absolute value. (Foolbox leaves out the division.)
 *
 * @see <a href="https://arxiv.org/abs/1710.06081">Dong, Liao, Pang, Su, Zhu, Hu, Li: Boosting
 *     Adversarial Attacks with Momentum, CVPR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.mi_fgsm")
@AttackPlugin(
        name = "mi-fgsm",
        description = "steps along the sign of a sum of gradients with momentum (L∞)",
        paper =
                "Dong, Liao, Pang, Su, Zhu, Hu, Li: Boosting Adversarial Attacks with Momentum, CVPR 2018")
@Designate(ocd = MiFgsm.Parameters.class)
public final class MiFgsm implements FixedBudgetAttack<MiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack mi-fgsm")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 10;

        /** Returns the length of a step. */
        @AttributeDefinition(description = "length of a step as a multiple of epsilon", min = "0")
        double relativeStepSize() default 0.1;

        /** Returns what is kept of earlier directions. */
        @AttributeDefinition(
                description =
                        "what the sum of earlier directions is multiplied by in each step (μ in the paper)",
                min = "0")
        double decay() default 1;

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
        double stepSize = p.relativeStepSize() * p.epsilon();
        return new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(Norm.LINF, p.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climb(images, criterion, new Momentum(p.decay(), Guide.GRADIENT));
    }
}
