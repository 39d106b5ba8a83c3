// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Attempts;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Adds normally distributed noise scaled to the length ε, that is, a random direction, and clips
 * into the bounds: the baseline that a gradient attack has to beat.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.gaussian_noise")
@AttackPlugin(
        name = "gaussian-noise",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L2,
        access = Access.DECISIONS,
        epsilon = 1,
        description = "normal noise of a fixed length, the best of some draws (L2)")
@Designate(ocd = NoiseParameters.class)
public final class GaussianNoise implements FixedBudgetAttack<NoiseParameters> {

    @Override
    public Class<NoiseParameters> parameters() {
        return NoiseParameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<NoiseParameters> context) {
        NoiseParameters p = context.parameters();
        return Attempts.untilSuccess(
                p.repeats(),
                classifier,
                images,
                criterion,
                context,
                (x, goal, random) -> {
                    NDArray noise = random.normal(x.getManager(), x.getShape().slice(1));
                    return Ball.l2(x, classifier.bounds(), context.epsilon())
                            .step(x, noise, context.epsilon());
                });
    }
}
