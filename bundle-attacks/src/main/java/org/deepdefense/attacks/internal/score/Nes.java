// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The NES attack in L∞ (query-limited setting): projected steps along the sign of gradients
 * estimated by natural evolution strategies, that is, from differences of scores along normally
 * distributed directions, with momentum. It needs scores only. The score is the margin of the
 * logits; the differences of the probability that the paper uses vanish in float32 where a network
 * is sure. Samples leave when they are adversarial.
 *
 * @see <a href="https://arxiv.org/abs/1804.08598">Ilyas, Engstrom, Athalye, Lin: Black-box
 *     Adversarial Attacks with Limited Queries and Information, ICML 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.nes")
@AttackPlugin(
        name = "nes",
        description = "sign steps on gradients estimated by natural evolution strategies (L∞)",
        paper =
                "Ilyas, Engstrom, Athalye, Lin: Black-box Adversarial Attacks with Limited Queries and Information, ICML 2018")
@Designate(ocd = Nes.Parameters.class)
public final class Nes implements FixedBudgetAttack<Nes.Parameters> {

    private static final int MOVED = 0;
    private static final int VELOCITY = 1;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack nes")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps, each two queries a direction and one more",
                min = "1")
        int steps() default 200;

        /** Returns the length of a step. */
        @AttributeDefinition(description = "length of a step as a multiple of epsilon", min = "0")
        double relativeStepSize() default 0.2;

        /** Returns the number of directions. */
        @AttributeDefinition(
                description = "random directions for an estimate, each queried both ways",
                min = "1")
        int directions() default 25;

        /** Returns the length of the probes. */
        @AttributeDefinition(
                description =
                        "standard deviation of a pixel in a query, as a multiple of the range of pixels"
                                + " (σ in the paper)",
                min = "1e-6")
        double sigma() default 0.001;

        /** Returns the momentum. */
        @AttributeDefinition(
                description = "share of the earlier estimates in the direction of a step",
                min = "0",
                max = "1")
        double momentum() default 0.9;
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
        return Access.SCORES;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        DifferenceQuotients quotients =
                new DifferenceQuotients(
                        SampleRandom::normal,
                        p.directions(),
                        p.sigma() * classifier.bounds().range());
        NDArray result = images.duplicate();
        try (ActiveSamples active =
                new ActiveSamples(
                        images, criterion, context.random(), images, images.zerosLike())) {
            for (int step = 0; step < p.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray gradient =
                            quotients.gradient(
                                    classifier,
                                    active.state(MOVED),
                                    active.criterion(),
                                    active.random());
                    active.replace(
                            VELOCITY,
                            active.state(VELOCITY)
                                    .mul(p.momentum())
                                    .addi(gradient.muli(1 - p.momentum())));
                    Ball ball = Ball.linf(active.images(), classifier.bounds(), p.epsilon());
                    NDArray moved =
                            ball.step(
                                    active.state(MOVED),
                                    active.state(VELOCITY).neg(),
                                    p.relativeStepSize() * p.epsilon());
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(moved));
                    active.write(result, moved);
                    active.replace(MOVED, moved);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return result;
    }
}
