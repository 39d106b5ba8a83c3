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
 * Adds normally distributed noise scaled to the length ε, that is, a random direction, and clips
 * into the bounds: the baseline that a gradient attack has to beat.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.gaussian_noise")
@AttackPlugin(
        name = "gaussian-noise",
        description = "normal noise of a fixed length, the best of some draws (L2)")
@Designate(ocd = GaussianNoise.Parameters.class)
public final class GaussianNoise implements FixedBudgetAttack<GaussianNoise.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack gaussian-noise")
    public @interface Parameters {

        /** Returns the radius of the L2 ball. */
        @AttributeDefinition(
                description =
                        "largest Euclidean norm of the perturbation, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 1;

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
        return Norm.L2;
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
                (x, goal, random) -> {
                    NDArray noise = random.normal(x.getManager(), x.getShape().slice(1));
                    return Ball.l2(x, classifier.bounds(), p.epsilon()).step(x, noise, p.epsilon());
                });
    }
}
