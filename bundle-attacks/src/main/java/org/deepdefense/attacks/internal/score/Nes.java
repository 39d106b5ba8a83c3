// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.attacks.internal.support.PerSample;
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
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        access = Access.SCORES,
        epsilon = 0.1,
        description = "sign steps on gradients estimated by natural evolution strategies (L∞)",
        paper =
                "Ilyas, Engstrom, Athalye, Lin: Black-box Adversarial Attacks with Limited Queries and Information, ICML 2018")
@Designate(ocd = Nes.Parameters.class)
public final class Nes implements FixedBudgetAttack<Nes.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack nes")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each two queries a direction and one more",
                min = "1")
        int steps() default 200;

        @AttributeDefinition(description = "length of a step as a multiple of epsilon", min = "0")
        double relativeStepSize() default 0.2;

        @AttributeDefinition(
                description = "random directions for an estimate, each queried both ways",
                min = "1")
        int directions() default 25;

        @AttributeDefinition(
                description =
                        "standard deviation of a pixel in a query, as a multiple of the range of pixels"
                                + " (σ in the paper)",
                min = "1e-6")
        double sigma() default 0.001;

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
        try (State active = new State(images, criterion, context.random())) {
            for (int step = 0; step < p.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray gradient =
                            quotients.gradient(
                                    classifier,
                                    active.moved.get(),
                                    active.criterion(),
                                    active.random());
                    active.velocity.set(
                            active.velocity
                                    .get()
                                    .mul(p.momentum())
                                    .addi(gradient.muli(1 - p.momentum())));
                    Ball ball = Ball.linf(active.images(), classifier.bounds(), context.epsilon());
                    NDArray moved =
                            ball.step(
                                    active.moved.get(),
                                    active.velocity.get().neg(),
                                    p.relativeStepSize() * context.epsilon());
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(moved));
                    active.write(result, moved);
                    active.moved.set(moved);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return result;
    }

    /** The samples that are not fooled yet. */
    private static final class State extends ActiveSamples {

        final PerSample moved;
        final PerSample velocity;

        State(NDArray images, Criterion criterion, SampleRandom random) {
            super(images, criterion, random);
            moved = keep(images);
            velocity = keep(images.zerosLike());
        }
    }
}
