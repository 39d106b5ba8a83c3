// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Fast Adaptive Boundary attack in L1, which changes few pixels as far as they go.
 *
 * @see <a href="https://arxiv.org/abs/1907.02044">Croce, Hein: Minimally distorted Adversarial
 *     Examples with a Fast Adaptive Boundary Attack, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fab_l1")
@AttackPlugin(
        name = "fab-l1",
        description =
                "Fast Adaptive Boundary: projections onto linearised boundaries inside the bounds,"
                        + " biased towards the image (L1)",
        paper =
                "Croce, Hein: Minimally distorted Adversarial Examples with a Fast Adaptive"
                        + " Boundary Attack, ICML 2020")
@Designate(ocd = FabParameters.class)
public final class FabL1 implements MinimumNormAttack<FabParameters> {

    @Override
    public Class<FabParameters> parameters() {
        return FabParameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.L1;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<FabParameters> context) {
        FabSearch.Settings settings =
                FabSearch.Settings.of(context.parameters(), norm(), classifier.bounds());
        return new FabSearch(norm(), settings, classifier, context)
                .attack(images, criterion, context.random());
    }
}
