// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * DeepFool in the Euclidean norm, and the differentiable DeepFool of Deep Defense (section 3.2).
 * With its defaults it measures ρ₂ as the paper does: iterates without overshoot, tested with it,
 * in an unbounded space.
 *
 * @see <a href="https://arxiv.org/abs/1511.04599">Moosavi-Dezfooli, Fawzi, Frossard: DeepFool: a
 *     simple and accurate method to fool deep neural networks, CVPR 2016</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.deepfool")
@AttackPlugin(
        name = "deepfool",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        bounded = false,
        differentiable = true,
        description = "Steps to the nearest linearised class boundary until the class changes",
        paper =
                "Moosavi-Dezfooli, Fawzi, Frossard: DeepFool: a simple and accurate method to fool"
                        + " deep neural networks, CVPR 2016")
@Designate(ocd = DeepFoolParameters.class)
public final class DeepFool implements DifferentiableAttack<DeepFoolParameters> {

    @Override
    public Class<DeepFoolParameters> parameters() {
        return DeepFoolParameters.class;
    }

    @Override
    public boolean isBounded(DeepFoolParameters parameters) {
        return parameters.clip();
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<DeepFoolParameters> context) {
        return new DeepFoolSearch(Norm.L2, classifier, context).attack(images, criterion);
    }

    @Override
    public NDArray perturbation(
            Classifier classifier,
            NDArray images,
            NDArray logits,
            Criterion criterion,
            AttackContext<DeepFoolParameters> context) {
        return new DifferentiableDeepFool(classifier, context)
                .perturbation(images, logits, criterion);
    }
}
