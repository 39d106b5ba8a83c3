// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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
 * The elastic-net attack (L1): minimises c·max(margin + confidence, 0) + ‖x′ − x‖₂² + β‖x′ − x‖₁ by
 * iterative shrinkage-thresholding with momentum (FISTA, equations 4 to 6 and algorithm 1), for a
 * constant c that is as small as it can be. The adversarial image of the smallest L1 norm of all
 * steps is the result (the paper's L1 decision rule, and torchattacks' EADL1); that of the smallest
 * elastic-net distance can be chosen instead (EN, the default of Foolbox, and torchattacks' EADEN).
 *
 * <p>The constant weighs logits against pixels. So that it does not depend on the scale of the
 * logits, margins are divided by it where it is unusual: where the strongest logit leads by more
 * than a thousand, or the first three are within a thousandth.
 *
 * <p>A descent that gets nowhere is aborted for each sample by itself; where libraries do so for a
 * whole batch, a sample's result depends on its neighbours. A sample for which nothing is found
 * stays as it is.
 *
 * @see <a href="https://arxiv.org/abs/1709.04114">Chen, Sharma, Zhang, Yi, Hsieh: EAD: Elastic-Net
 *     Attacks to Deep Neural Networks via Adversarial Examples, AAAI 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.ead")
@AttackPlugin(
        name = "ead",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L1,
        description = "elastic net: minimises distance and margin by shrinkage-thresholding (L1)",
        paper =
                "Chen, Sharma, Zhang, Yi, Hsieh: EAD: Elastic-Net Attacks to Deep Neural Networks"
                        + " via Adversarial Examples, AAAI 2018")
@Designate(ocd = Ead.Parameters.class)
public final class Ead implements MinimumNormAttack<Ead.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack ead")
    public @interface Parameters {

        @AttributeDefinition(
                description =
                        "number of steps for each constant, each two forward passes and a backward"
                                + " pass",
                min = "1")
        int steps() default 1000;

        @AttributeDefinition(
                description = "how many constants to try in the search for the smallest",
                min = "1")
        int searchSteps() default 9;

        @AttributeDefinition(
                description =
                        "factor of the gradient in the first step; it falls to 0 as the square root"
                                + " of the steps left",
                min = "0")
        double learningRate() default 0.01;

        @AttributeDefinition(
                description = "the first constant, the weight of the margin, for pixels in [0, 1]",
                min = "1e-10")
        double initialConstant() default 0.001;

        @AttributeDefinition(
                description =
                        "weight of the L1 norm: changes of a pixel below this multiple of the range"
                                + " of pixels are undone",
                min = "0")
        double beta() default 0.01;

        @AttributeDefinition(
                description = "by how much the logits of an adversarial image have to differ",
                min = "0")
        double confidence() default 0;

        @AttributeDefinition(
                description =
                        "whether the result is the image of the smallest elastic-net distance, beta"
                                + " times L1 plus the squared L2, instead of the smallest L1 norm")
        boolean elasticNetRule() default false;

        @AttributeDefinition(
                description =
                        "whether to go on to the next constant when the loss of a sample has not"
                                + " fallen in a tenth of the steps")
        boolean abortEarly() default true;
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
        Closest closest = new Closest(images);
        double range = classifier.bounds().range();
        ConstantSearch search = new ConstantSearch(images, p.initialConstant() * range * range);
        for (int i = 0; i < p.searchSteps(); i++) {
            NDArray constants = search.constants();
            try (NDScope scope = new NDScope();
                    State samples = new State(images, criterion, context.random(), constants)) {
                scope.suppressNotUsedWarning();
                NDArray success = constants.zerosLike();
                descend(classifier, samples, closest, success, context);
                search.narrow(success.gt(0));
            }
        }
        return closest.images();
    }

    private static void descend(
            Classifier classifier,
            State samples,
            Closest closest,
            NDArray success,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        EarlyAbort abort = EarlyAbort.of(samples, p.steps());
        for (int i = 0; i < p.steps() && !samples.isEmpty(); i++) {
            context.checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray loss = step(classifier, samples, i, context);
                test(classifier, samples, closest, success, p);
                if (p.abortEarly()) {
                    abort.check(i, loss);
                }
            }
        }
    }

    /** Makes a step from the point ahead and returns the loss there. */
    private static NDArray step(
            Classifier classifier, State samples, int step, AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        double rate = p.learningRate() * Math.sqrt(1 - step / (double) p.steps());
        double momentum = step / (step + 3.0);
        Bounds bounds = classifier.bounds();
        NDArray clean = samples.images();
        NDArray ahead = samples.ahead.get();
        NDArray image = samples.image.get();
        Classifier.LossGradient margin =
                classifier.lossGradient(ahead, z -> Margins.of(z, samples.criterion()));
        if (Ascent.isZero(margin.gradient())) {
            context.warn(Ascent.ZERO_GRADIENTS);
        }
        NDArray missing = margin.loss().add(p.confidence());
        if (step == 0) {
            samples.scale.set(Scales.ofLogits(margin.logits()));
        }
        NDArray scale = samples.scale.get();
        NDArray constant = samples.constant.get();
        NDArray weight = constant.mul(missing.gte(0));
        NDArray perturbation = ahead.sub(clean);
        NDArray distance = Norm.L2.of(perturbation).square();
        NDArray gradient =
                margin.gradient()
                        .divi(Norm.broadcast(scale, ahead))
                        .muli(Norm.broadcast(weight, ahead))
                        .addi(perturbation.muli(2));
        NDArray next =
                shrink(ahead.sub(gradient.muli(rate)), clean, p.beta() * bounds.range(), bounds);
        NDArray nextAhead = next.sub(image).muli(momentum).addi(next);
        samples.ahead.set(nextAhead);
        samples.image.set(next);
        return distance.addi(missing.maximum(0).divi(scale).muli(constant));
    }

    /** Brings all pixels nearer to the clean ones by β, or onto them, and into the bounds. */
    private static NDArray shrink(NDArray images, NDArray clean, double beta, Bounds bounds) {
        NDArray change = images.sub(clean);
        NDArray raised = images.sub(beta).minimum(bounds.max());
        NDArray lowered = images.add(beta).maximum(bounds.min());
        return NDArrays.where(
                change.gt(beta), raised, NDArrays.where(change.lt(-beta), lowered, clean));
    }

    private static void test(
            Classifier classifier, State samples, Closest closest, NDArray success, Parameters p) {
        NDArray image = samples.image.get();
        NDArray adversarial =
                Margins.of(classifier.predict(image), samples.criterion()).lt(-p.confidence());
        NDArray change = image.sub(samples.images());
        NDArray length = Norm.L1.of(change);
        if (p.elasticNetRule()) {
            double beta = p.beta() * classifier.bounds().range();
            length = length.mul(beta).addi(Norm.L2.of(change).square());
        }
        closest.offer(samples.rows(), image, length, adversarial);
        samples.write(success, adversarial.toType(DataType.FLOAT32, false), adversarial);
    }

    /** The samples of a descent. */
    private static final class State extends ActiveSamples {

        final PerSample image;

        /** The point ahead of the image that momentum leads to. */
        final PerSample ahead;

        final PerSample constant;

        /** What margins are divided by, known after the first step. */
        final PerSample scale;

        State(NDArray images, Criterion criterion, SampleRandom random, NDArray constants) {
            super(images, criterion, random);
            image = keep(images);
            ahead = keep(images);
            constant = keep(constants);
            scale = keep(constants);
        }
    }
}
