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
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * SPSA in L∞: Adam on the margin of the logits, with gradients estimated by simultaneous
 * perturbation, that is, from differences of scores along random signs (algorithm 1 of the paper,
 * after Spall 1992). It needs scores only, so that a network that masks its gradients does not
 * mislead it. Samples leave when they are adversarial.
 *
 * @see <a href="https://arxiv.org/abs/1802.05666">Uesato, O'Donoghue, van den Oord, Kohli:
 *     Adversarial Risk and the Dangers of Evaluating Against Weak Attacks, ICML 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.spsa")
@AttackPlugin(
        name = "spsa",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        access = Access.SCORES,
        epsilon = 0.1,
        description = "Adam on gradients estimated from scores along random signs (L∞)",
        paper =
                "Uesato, O'Donoghue, van den Oord, Kohli: Adversarial Risk and the Dangers of Evaluating Against Weak Attacks, ICML 2018")
@Designate(ocd = Spsa.Parameters.class)
public final class Spsa implements FixedBudgetAttack<Spsa.Parameters> {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double TINY = 1e-8;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack spsa")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each two queries a direction and one more",
                min = "1")
        int steps() default 100;

        @AttributeDefinition(
                description = "learning rate of Adam, as a multiple of the range of pixels",
                min = "0")
        double learningRate() default 0.01;

        @AttributeDefinition(
                description = "random directions for an estimate, each queried both ways",
                min = "1")
        int directions() default 128;

        @AttributeDefinition(
                description =
                        "change of each pixel in a query, as a multiple of the range of pixels (δ in the"
                                + " paper)",
                min = "1e-6")
        double delta() default 0.01;
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
                        Draws::signs, p.directions(), p.delta() * classifier.bounds().range());
        NDArray result = images.duplicate();
        try (State active = new State(images, criterion, context.random())) {
            for (int step = 1; step <= p.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray moved = active.images().add(active.perturbation.get());
                    NDArray gradient =
                            quotients.gradient(
                                    classifier, moved, active.criterion(), active.random());
                    if (step == 1) {
                        active.scale.set(Scales.of(Norm.LINF.of(gradient)));
                    }
                    gradient.divi(Norm.broadcast(active.scale.get(), gradient));
                    descend(active, gradient, step, context, classifier.bounds());
                    NDArray tried = active.images().add(active.perturbation.get());
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(tried));
                    active.write(result, tried);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return result;
    }

    private static void descend(
            State active,
            NDArray gradient,
            int step,
            AttackContext<Parameters> context,
            Bounds bounds) {
        double learningRate = context.parameters().learningRate();
        NDArray mean = active.mean.get().mul(BETA1).addi(gradient.mul(1 - BETA1));
        NDArray square = active.square.get().mul(BETA2).addi(gradient.square().muli(1 - BETA2));
        NDArray scale =
                square.div(1 - Math.pow(BETA2, step))
                        .sqrt()
                        .addi(TINY)
                        .muli((1 - Math.pow(BETA1, step)) / (learningRate * bounds.range()));
        NDArray clean = active.images();
        NDArray moved =
                active.perturbation
                        .get()
                        .sub(mean.div(scale))
                        .clip(-context.epsilon(), context.epsilon())
                        .add(clean)
                        .clip(bounds.min(), bounds.max());
        active.perturbation.set(moved.sub(clean));
        active.mean.set(mean);
        active.square.set(square);
    }

    /** The samples that are not fooled yet. */
    private static final class State extends ActiveSamples {

        final PerSample perturbation;
        final PerSample mean;
        final PerSample square;

        /** What estimates are divided by, known after the first step. */
        final PerSample scale;

        State(NDArray images, Criterion criterion, SampleRandom random) {
            super(images, criterion, random);
            NDArray zeros = images.zerosLike();
            perturbation = keep(zeros);
            mean = keep(zeros);
            square = keep(zeros);
            scale = keep(Norm.LINF.of(zeros));
        }
    }
}
