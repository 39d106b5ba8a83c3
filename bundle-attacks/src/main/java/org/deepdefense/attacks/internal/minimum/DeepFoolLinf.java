// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * DeepFool in the maximum norm (section 3.3 of its paper, p = ∞).
 *
 * @see <a href="https://arxiv.org/abs/1511.04599">Moosavi-Dezfooli, Fawzi, Frossard: DeepFool: a
 *     simple and accurate method to fool deep neural networks, CVPR 2016</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.deepfool_linf")
@AttackPlugin(
        name = "deepfool-linf",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.LINF,
        bounded = false,
        description = "DeepFool with the smallest largest change of a pixel",
        paper =
                "Moosavi-Dezfooli, Fawzi, Frossard: DeepFool: a simple and accurate method to fool"
                        + " deep neural networks, CVPR 2016")
@Designate(ocd = DeepFoolParameters.class)
public final class DeepFoolLinf implements MinimumNormAttack<DeepFoolParameters> {

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
        return new DeepFoolSearch(Norm.LINF, classifier, context).attack(images, criterion);
    }
}
