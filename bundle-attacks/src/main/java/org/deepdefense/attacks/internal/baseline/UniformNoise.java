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
 * Adds noise drawn uniformly from the L∞ ball of radius ε and clips into the bounds: the baseline
 * that a gradient attack has to beat.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.uniform_noise")
@AttackPlugin(
        name = "uniform-noise",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        access = Access.DECISIONS,
        epsilon = 0.1,
        description = "uniform noise, the best of some draws (L∞)")
@Designate(ocd = NoiseParameters.class)
public final class UniformNoise implements FixedBudgetAttack<NoiseParameters> {

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
                (x, goal, random) ->
                        Ball.linf(x, classifier.bounds(), context.epsilon()).draw(random));
    }
}
