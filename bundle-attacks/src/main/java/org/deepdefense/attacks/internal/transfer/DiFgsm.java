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
        description =
                "gradients at randomly shrunk images, against overfitting to one network (L∞)",
        paper =
                "Xie, Zhang, Zhou, Bai, Wang, Ren, Yuille: Improving Transferability of Adversarial Examples with Input Diversity, CVPR 2019")
@Designate(ocd = DiFgsm.Parameters.class)
public final class DiFgsm implements FixedBudgetAttack<DiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack di-fgsm")
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
        double decay() default 0;

        /** Returns the smallest size. */
        @AttributeDefinition(
                description = "smallest size of a shrunk image, as a share of its size",
                min = "0.1",
                max = "1")
        double resizeRate() default 0.9;

        /** Returns how often images are changed. */
        @AttributeDefinition(
                description = "probability that a gradient is taken at a shrunk image",
                min = "0",
                max = "1")
        double diversityProbability() default 0.5;

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
                .climb(
                        images,
                        criterion,
                        new Momentum(
                                p.decay(),
                                new InputDiversity(p.resizeRate(), p.diversityProbability())));
    }
}
