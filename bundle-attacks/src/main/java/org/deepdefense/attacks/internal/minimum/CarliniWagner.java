// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Adam;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The attack of Carlini and Wagner (L2): Adam minimises ‖x′ − x‖₂² + c·max(margin + confidence, 0)
 * over w, where x′ is tanh(w) stretched to the bounds of pixels (section V.B, section VI.A), again
 * and again for a constant c that is as small as it can be. The nearest adversarial image of all
 * steps is the result.
 *
 * <p>The constant weighs logits against pixels. So that it does not depend on the scale of the
 * logits, margins are divided by it where it is unusual: where the strongest logit leads by more
 * than a thousand, or the first three are within a thousandth.
 *
 * <p>A descent that gets nowhere is aborted for each sample by itself; where libraries do so for a
 * whole batch, a sample's result depends on its neighbours. A sample for which nothing is found
 * stays as it is.
 *
 * @see <a href="https://arxiv.org/abs/1608.04644">Carlini, Wagner: Towards Evaluating the
 *     Robustness of Neural Networks, IEEE S&P 2017</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.cw")
@AttackPlugin(
        name = "cw",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description = "Carlini and Wagner: minimises distance and margin by Adam (L2)",
        paper =
                "Carlini, Wagner: Towards Evaluating the Robustness of Neural Networks, IEEE S&P"
                        + " 2017")
@Designate(ocd = CarliniWagner.Parameters.class)
public final class CarliniWagner implements MinimumNormAttack<CarliniWagner.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack cw")
    public @interface Parameters {

        @AttributeDefinition(
                description =
                        "number of steps for each constant, each a forward and a backward pass",
                min = "1")
        int steps() default 1000;

        @AttributeDefinition(
                description = "how many constants to try in the search for the smallest",
                min = "1")
        int searchSteps() default 9;

        @AttributeDefinition(
                description = "learning rate of Adam, in the space of w where pixels are tanh(w)",
                min = "0")
        double learningRate() default 0.01;

        @AttributeDefinition(
                description = "the first constant, the weight of the margin, for pixels in [0, 1]",
                min = "1e-10")
        double initialConstant() default 0.001;

        @AttributeDefinition(
                description = "by how much the logits of an adversarial image have to differ",
                min = "0")
        double confidence() default 0;

        @AttributeDefinition(
                description =
                        "whether to go on to the next constant when the loss of a sample has not"
                                + " fallen in a tenth of the steps")
        boolean abortEarly() default true;
    }

    /** Keeps pixels at a bound where tanh still has a slope. */
    private static final double INSIDE = 1 - 1e-6;

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
        Closest closest = new Closest(images);
        double range = classifier.bounds().range();
        ConstantSearch search = new ConstantSearch(images, p.initialConstant() * range * range);
        for (int i = 0; i < p.searchSteps(); i++) {
            try (NDScope scope = new NDScope();
                    State samples =
                            new State(
                                    images,
                                    criterion,
                                    context.random(),
                                    search.constants(),
                                    classifier.bounds())) {
                scope.suppressNotUsedWarning();
                NDArray success = images.getManager().zeros(search.constants().getShape());
                descend(classifier, samples, closest, success, context);
                search.narrow(success.gt(0));
            }
        }
        return closest.images();
    }

    private static NDArray inverseTanh(NDArray x) {
        return x.add(1).divi(x.neg().addi(1)).log().divi(2);
    }

    private static void descend(
            Classifier classifier,
            State samples,
            Closest closest,
            NDArray success,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        Adam adam = new Adam(samples, p.learningRate());
        EarlyAbort abort = EarlyAbort.of(samples, p.steps());
        for (int i = 0; i < p.steps() && !samples.isEmpty(); i++) {
            context.checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray loss = step(classifier, samples, closest, success, adam, context, i == 0);
                if (p.abortEarly()) {
                    abort.check(i, loss);
                }
            }
        }
        if (!samples.isEmpty()) {
            NDArray last = image(samples.position.get().tanh(), classifier.bounds());
            NDArray length = Norm.L2.of(last.sub(samples.images()));
            NDArray margin = Margins.of(classifier.predict(last), samples.criterion());
            offer(samples, closest, success, last, length, margin.lt(-p.confidence()));
        }
    }

    private static void offer(
            State samples,
            Closest closest,
            NDArray success,
            NDArray moved,
            NDArray length,
            NDArray adversarial) {
        closest.offer(samples.rows(), moved, length, adversarial);
        samples.write(success, adversarial.toType(DataType.FLOAT32, false), adversarial);
    }

    /** Makes a step and returns the loss before it. */
    private static NDArray step(
            Classifier classifier,
            State samples,
            Closest closest,
            NDArray success,
            Adam adam,
            AttackContext<Parameters> context,
            boolean first) {
        Bounds bounds = classifier.bounds();
        NDArray tanh = samples.position.get().tanh();
        NDArray moved = image(tanh, bounds);
        NDArray perturbation = moved.sub(samples.images());
        Classifier.LossGradient margin =
                classifier.lossGradient(moved, z -> Margins.of(z, samples.criterion()));
        if (Ascent.isZero(margin.gradient())) {
            context.warn(Ascent.ZERO_GRADIENTS);
        }
        NDArray missing = margin.loss().add(context.parameters().confidence());
        NDArray length = Norm.L2.of(perturbation);
        offer(samples, closest, success, moved, length, missing.lt(0));

        if (first) {
            samples.scale.set(Scales.ofLogits(margin.logits()));
        }
        NDArray scale = samples.scale.get();
        NDArray constant = samples.constant.get();
        NDArray weight = constant.mul(missing.gte(0));
        NDArray gradient =
                margin.gradient()
                        .divi(Norm.broadcast(scale, moved))
                        .muli(Norm.broadcast(weight, moved))
                        .addi(perturbation.muli(2))
                        .muli(tanh.square().subi(1).muli(-bounds.range() / 2));
        samples.position.set(adam.step(gradient).addi(samples.position.get()));
        return length.square().addi(missing.maximum(0).divi(scale).muli(constant));
    }

    private static NDArray image(NDArray tanh, Bounds bounds) {
        return tanh.mul(bounds.range() / 2).addi(center(bounds));
    }

    private static double center(Bounds bounds) {
        return (bounds.min() + (double) bounds.max()) / 2;
    }

    /** The samples of a descent. */
    private static final class State extends ActiveSamples {

        /** Where they are in the space of w, whose tanh are pixels. */
        final PerSample position;

        final PerSample constant;

        /** What margins are divided by, known after the first step. */
        final PerSample scale;

        State(
                NDArray images,
                Criterion criterion,
                SampleRandom random,
                NDArray constants,
                Bounds bounds) {
            super(images, criterion, random);
            NDArray pixels = images.sub(center(bounds)).divi(bounds.range() / 2).muli(INSIDE);
            position = keep(inverseTanh(pixels));
            constant = keep(constants);
            scale = keep(constants);
        }
    }
}
