// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Attempts;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Adds noise drawn uniformly from the L∞ ball of radius ε and clips into the bounds: the baseline
 * that a gradient attack has to beat.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.uniform_noise")
@AttackPlugin(name = "uniform-noise", description = "uniform noise, the best of some draws (L∞)")
@Designate(ocd = UniformNoise.Parameters.class)
public final class UniformNoise implements FixedBudgetAttack<UniformNoise.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack uniform-noise")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of draws. */
        @AttributeDefinition(
                description = "draws of noise, for the samples not yet successful",
                min = "1")
        int repeats() default 10;
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
    public Access access() {
        return Access.DECISIONS;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        return Attempts.untilSuccess(
                p.repeats(),
                classifier,
                images,
                criterion,
                context,
                (x, goal, random) -> Ball.linf(x, classifier.bounds(), p.epsilon()).draw(random));
    }
}
