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
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Draws;
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
        description = "Adam on gradients estimated from scores along random signs (L∞)",
        paper =
                "Uesato, O'Donoghue, van den Oord, Kohli: Adversarial Risk and the Dangers of Evaluating Against Weak Attacks, ICML 2018")
@Designate(ocd = Spsa.Parameters.class)
public final class Spsa implements FixedBudgetAttack<Spsa.Parameters> {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double TINY = 1e-8;

    private static final int PERTURBATION = 0;
    private static final int MEAN = 1;
    private static final int SQUARE = 2;

    /** What estimates are divided by, known after the first step. */
    private static final int SCALE = 3;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack spsa")
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
        int steps() default 100;

        /** Returns the learning rate. */
        @AttributeDefinition(
                description = "learning rate of Adam, as a multiple of the range of pixels",
                min = "0")
        double learningRate() default 0.01;

        /** Returns the number of directions. */
        @AttributeDefinition(
                description = "random directions for an estimate, each queried both ways",
                min = "1")
        int directions() default 128;

        /** Returns the length of the probes. */
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
                        Draws::signs, p.directions(), p.delta() * classifier.bounds().range());
        NDArray result = images.duplicate();
        NDArray zero = images.zerosLike();
        try (ActiveSamples active =
                new ActiveSamples(
                        images,
                        criterion,
                        context.random(),
                        zero,
                        zero,
                        zero,
                        Norm.LINF.of(zero))) {
            for (int step = 1; step <= p.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray moved = active.images().add(active.state(PERTURBATION));
                    NDArray gradient =
                            quotients.gradient(
                                    classifier, moved, active.criterion(), active.random());
                    if (step == 1) {
                        active.replace(SCALE, Scales.of(Norm.LINF.of(gradient)));
                    }
                    gradient.divi(Norm.broadcast(active.state(SCALE), gradient));
                    descend(active, gradient, step, p, classifier.bounds());
                    NDArray tried = active.images().add(active.state(PERTURBATION));
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(tried));
                    active.write(result, tried);
                    active.retain(reached.logicalNot());
                }
            }
        }
        return result;
    }

    private static void descend(
            ActiveSamples active, NDArray gradient, int step, Parameters p, Bounds bounds) {
        NDArray mean = active.state(MEAN).mul(BETA1).addi(gradient.mul(1 - BETA1));
        NDArray square = active.state(SQUARE).mul(BETA2).addi(gradient.square().muli(1 - BETA2));
        NDArray scale =
                square.div(1 - Math.pow(BETA2, step))
                        .sqrt()
                        .addi(TINY)
                        .muli((1 - Math.pow(BETA1, step)) / (p.learningRate() * bounds.range()));
        NDArray clean = active.images();
        NDArray moved =
                active.state(PERTURBATION)
                        .sub(mean.div(scale))
                        .clip(-p.epsilon(), p.epsilon())
                        .add(clean)
                        .clip(bounds.min(), bounds.max());
        active.replace(PERTURBATION, moved.sub(clean));
        active.replace(MEAN, mean);
        active.replace(SQUARE, square);
    }
}
