// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

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
 * Projected gradient descent in L2: from a random point of the ball, steps along the normalised
 * gradient of the cross-entropy, each projected onto the ball and then clipped into the bounds.
 *
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry, Makelov, Schmidt, Tsipras, Vladu: Towards
 *     Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.pgd_l2")
@AttackPlugin(
        name = "pgd-l2",
        description = "projected gradient descent from a random start (L2)",
        paper =
                "Madry, Makelov, Schmidt, Tsipras, Vladu: Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018")
@Designate(ocd = PgdL2.Parameters.class)
public final class PgdL2 implements FixedBudgetAttack<PgdL2.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack pgd-l2")
    public @interface Parameters {

        /** Returns the radius of the L2 ball. */
        @AttributeDefinition(
                description =
                        "largest Euclidean norm of the perturbation, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 40;

        /** Returns the length of a step. */
        @AttributeDefinition(description = "length of a step as a multiple of epsilon", min = "0")
        double relativeStepSize() default 0.05;

        /** Returns whether to start at a random point. */
        @AttributeDefinition(
                description = "whether to start at a random point of the ball instead of the image")
        boolean randomStart() default true;

        /** Returns the number of runs. */
        @AttributeDefinition(
                description =
                        "runs from different random points, for the samples not yet successful",
                min = "1")
        int restarts() default 1;

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
        return Norm.L2;
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
                        new Ascent.Plan(Norm.L2, p.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climbRepeatedly(images, criterion, p.restarts(), p.randomStart());
    }
}
