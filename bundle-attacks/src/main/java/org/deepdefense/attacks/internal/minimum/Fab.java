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
 * The Fast Adaptive Boundary attack in the maximum norm. For many classes, {@code targets} makes it
 * FAB-T, which needs one gradient a step instead of one for each class.
 *
 * @see <a href="https://arxiv.org/abs/1907.02044">Croce, Hein: Minimally distorted Adversarial
 *     Examples with a Fast Adaptive Boundary Attack, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fab")
@AttackPlugin(
        name = "fab",
        description =
                "Fast Adaptive Boundary: projections onto linearised boundaries inside the bounds,"
                        + " biased towards the image (L∞)",
        paper =
                "Croce, Hein: Minimally distorted Adversarial Examples with a Fast Adaptive"
                        + " Boundary Attack, ICML 2020")
@Designate(ocd = FabParameters.class)
public final class Fab implements MinimumNormAttack<FabParameters> {

    @Override
    public Class<FabParameters> parameters() {
        return FabParameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
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
