// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Patience;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The augmented Lagrangian method for adversarial attacks (L2): RMSProp with momentum minimises ‖x′
 * − x‖₂ + P₂(r, ρ, μ), where r is the margin between logits as a ratio to their spread, negative
 * once the sample is adversarial, and P₂ a penalty that its multiplier μ and its parameter ρ adapt
 * to each sample while the descent goes on (algorithm 1). The nearest adversarial image of all
 * steps is the result; a sample for which nothing is found stays as it is.
 *
 * <p>The first steps are about as long as the learning rate times the root of the number of pixels,
 * and the last a hundredth of that: on a network for colour photographs whose nearest adversarial
 * images are 0.1 away, a first step of that length, or a learning rate of 0.002, halved the
 * distance found with the default.
 *
 * <p>Networks of two classes have no spread that the margin could be compared with; for them r is
 * the margin itself.
 *
 * @see <a href="https://arxiv.org/abs/2011.11857">Rony, Granger, Pedersoli, Ben Ayed: Augmented
 *     Lagrangian Adversarial Attacks, ICCV 2021</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.alma")
@AttackPlugin(
        name = "alma",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description = "augmented Lagrangian: minimises distance under a penalty that adapts (L2)",
        paper =
                "Rony, Granger, Pedersoli, Ben Ayed: Augmented Lagrangian Adversarial Attacks, ICCV"
                        + " 2021")
@Designate(ocd = Alma.Parameters.class)
public final class Alma implements MinimumNormAttack<Alma.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack alma")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 1000;

        @AttributeDefinition(
                description =
                        "learning rate until a sample becomes adversarial, as a multiple of the"
                                + " range of pixels; where perturbations are much shorter than 1,"
                                + " 0.01 and less finds the shorter ones",
                min = "0")
        double learningRate() default 0.1;

        @AttributeDefinition(
                description =
                        "length of the first step, from which each sample's learning rate follows,"
                                + " as a multiple of the range of pixels (ε in the paper); 0 for"
                                + " the learning rate above",
                min = "0")
        double initialDistance() default 0;

        @AttributeDefinition(
                description =
                        "learning rate of the last step, as a fraction of that of the first steps",
                min = "1e-6",
                max = "1")
        double learningRateReduction() default 0.01;

        @AttributeDefinition(
                description =
                        "after how many steps the penalty grows for samples whose margin has not"
                                + " improved",
                min = "1")
        int checkSteps() default 10;

        @AttributeDefinition(
                description = "to what fraction the margin must fall between two checks",
                min = "0",
                max = "1")
        double tau() default 0.95;

        @AttributeDefinition(
                description = "factor by which the parameter of the penalty grows",
                min = "1")
        double gamma() default 1.2;

        @AttributeDefinition(
                description =
                        "weight of the past in the means of multiplier, squared gradient and"
                                + " momentum",
                min = "0",
                max = "1")
        double alpha() default 0.9;

        @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
        int patience() default 0;
    }

    /**
     * Added to the margin, so that an image on the boundary itself is not taken for adversarial.
     */
    private static final double TOLERANCE = 1e-4;

    /** Logits whose spread is not between these, beside their scale, are equal, or masked. */
    private static final double LEAST_SPREAD = 1e-5;

    private static final double MOST_SPREAD = 1e20;

    /** How much of a gradient the bounds may swallow before the search for a rate is given up. */
    private static final double MOST_CLIPPED = 1e4;

    /** Halvings of the logarithm of the ratio above, down to rounding errors. */
    private static final int RATE_SEARCH_STEPS = 24;

    private static final double SMALL = 1e-8;
    private static final double MIN_MULTIPLIER = 1e-6;
    private static final double MAX_MULTIPLIER = 1e12;

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
        int steps = context.parameters().steps();
        Closest closest = new Closest(images);
        try (NDScope scope = new NDScope();
                State samples =
                        new State(images, criterion, context.random(), context.parameters())) {
            scope.suppressNotUsedWarning();
            Patience patience = new Patience(context.parameters().patience(), closest, images);
            for (int i = 0; i < steps && !samples.isEmpty(); i++) {
                context.checkCancelled();
                step(classifier, samples, closest, context, i);
                patience.check(i, samples);
            }
            if (!samples.isEmpty()) {
                checkLast(classifier, samples, closest);
            }
        }
        return closest.images();
    }

    private static void checkLast(Classifier classifier, State samples, Closest closest) {
        NDArray perturbation = samples.perturbation.get();
        NDArray last = samples.images().add(perturbation);
        NDArray ratio = ratio(classifier.predict(last), samples.criterion(), samples.scale.get());
        closest.offer(samples.rows(), last, Norm.L2.of(perturbation), ratio.lt(0));
    }

    private static void step(
            Classifier classifier,
            State samples,
            Closest closest,
            AttackContext<Parameters> context,
            int step) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Bounds bounds = classifier.bounds();
            NDArray clean = samples.images();
            NDArray perturbation = samples.perturbation.get();
            NDArray moved = clean.add(perturbation);
            Classifier.LossGradient ratio =
                    classifier.lossGradient(
                            moved, z -> ratio(z, samples.criterion(), scale(z, samples, step)));
            if (step == 0) {
                samples.scale.set(scale(ratio.logits(), samples, step));
            }
            if (Ascent.isZero(ratio.gradient())) {
                context.warn(Ascent.ZERO_GRADIENTS);
            }
            NDArray length = Norm.L2.of(perturbation);
            adaptPenalty(samples, closest, ratio.loss(), context.parameters(), step);

            NDArray adversarial = ratio.loss().lt(0);
            closest.offer(samples.rows(), moved, length, adversarial);
            NDArray found = samples.found.get();
            samples.found.set(NDArrays.where(adversarial, found.minimum(step), found));

            NDArray slope =
                    slope(ratio.loss(), samples.penalty.get(), samples.multiplier.get())
                            .muli(bounds.range());
            NDArray gradient = ratio.gradient().muli(Norm.broadcast(slope, moved));
            if (step > 0) {
                NDArray unit = length.maximum(Float.MIN_NORMAL).pow(-1);
                gradient.addi(perturbation.mul(Norm.broadcast(unit, moved)));
            } else if (context.parameters().initialDistance() > 0) {
                findRates(samples, gradient, bounds, context.parameters().initialDistance());
            }
            NDArray change = descend(samples, gradient, context.parameters(), step);
            samples.perturbation.set(
                    change.muli(bounds.range())
                            .addi(moved)
                            .clip(bounds.min(), bounds.max())
                            .subi(clean));
        }
    }

    /**
     * Finds the learning rates with which steps along the gradient, clipped, have a length. Samples
     * without a gradient, or that the bounds keep from ever getting so far, keep theirs.
     */
    private static void findRates(State samples, NDArray gradient, Bounds bounds, double distance) {
        NDArray length = Norm.L2.of(gradient);
        NDArray low = length.maximum(Float.MIN_NORMAL).pow(-1).muli(distance);
        NDArray high = low.mul(MOST_CLIPPED);
        NDArray known = samples.rate.get();
        NDArray reaches = reaches(samples.images(), gradient, high, bounds, distance);
        for (int i = 0; i < RATE_SEARCH_STEPS; i++) {
            NDArray middle = low.mul(high).sqrt();
            NDArray far = reaches(samples.images(), gradient, middle, bounds, distance);
            high = NDArrays.where(far, middle, high);
            low = NDArrays.where(far, low, middle);
        }
        samples.rate.set(NDArrays.where(reaches, high, known));
    }

    private static NDArray reaches(
            NDArray images, NDArray gradient, NDArray rates, Bounds bounds, double distance) {
        return Norm.L2
                .of(
                        gradient.mul(Norm.broadcast(rates, images))
                                .muli(-bounds.range())
                                .addi(images)
                                .clip(bounds.min(), bounds.max())
                                .subi(images))
                .gte(distance * bounds.range());
    }

    /** Lets the penalty grow where the ratio has not improved, and the multiplier follow it. */
    private static void adaptPenalty(
            State samples, Closest closest, NDArray ratio, Parameters p, int step) {
        if (step == 0) {
            samples.checkedRatio.set(ratio.duplicate());
            return;
        }
        if ((step + 1) % p.checkSteps() == 0) {
            NDArray checked = samples.checkedRatio.get();
            NDArray content =
                    closest.distances(samples.rows())
                            .isInfinite()
                            .logicalNot()
                            .logicalOr(ratio.lt(checked.mul(p.tau())));
            NDArray penalty = samples.penalty.get();
            samples.penalty.set(NDArrays.where(content, penalty, penalty.mul(p.gamma())));
            samples.checkedRatio.set(ratio.duplicate());
        }
        NDArray multiplier = samples.multiplier.get();
        NDArray slope = slope(ratio, samples.penalty.get(), multiplier);
        samples.multiplier.set(
                slope.muli(1 - p.alpha())
                        .addi(multiplier.mul(p.alpha()))
                        .clip(MIN_MULTIPLIER, MAX_MULTIPLIER));
    }

    /** Returns what RMSProp with momentum adds to the perturbation. */
    private static NDArray descend(State samples, NDArray gradient, Parameters p, int step) {
        NDArray square =
                samples.square.get().mul(p.alpha()).addi(gradient.square().muli(1 - p.alpha()));
        NDArray momentum =
                samples.momentum.get().mul(p.alpha()).addi(gradient.div(square.sqrt().addi(SMALL)));
        samples.square.set(square);
        samples.momentum.set(momentum);
        NDArray found = samples.found.get();
        NDArray elapsed = found.neg().addi(step).maximum(0);
        NDArray exponent = elapsed.div(found.neg().addi(p.steps()));
        NDArray rate =
                exponent.muli(Math.log(p.learningRateReduction()))
                        .exp()
                        .muli(samples.rate.get())
                        .negi();
        return momentum.mul(Norm.broadcast(rate, momentum));
    }

    /**
     * Returns the derivative of the penalty P₂(r, ρ, μ), which is μr + μρr² + ρ²r³/6 for a positive
     * ratio and μr / (1 − ρr) for a negative one.
     */
    private static NDArray slope(NDArray ratio, NDArray penalty, NDArray multiplier) {
        NDArray product = penalty.mul(ratio);
        NDArray resisting = multiplier.mul(product.mul(2).addi(1)).addi(product.square().divi(2));
        NDArray adversarial = multiplier.div(product.minimum(0).neg().addi(1).square());
        return NDArrays.where(ratio.gte(0), resisting, adversarial);
    }

    private static NDArray scale(NDArray logits, State samples, int step) {
        return step == 0 ? Scales.ofLogits(logits.stopGradient()) : samples.scale.get();
    }

    /**
     * Returns the margin divided by the spread of the logits: by z₁ − z₃ of the sorted logits z or,
     * where the sample is targeted, by z₁ − (z₃ + z₄)/2. Where there is no spread, since other
     * classes are masked or the largest logits are equal, it is the margin itself.
     */
    private static NDArray ratio(NDArray output, Criterion criterion, NDArray scale) {
        NDArray logits = output.div(scale.reshape(-1, 1));
        NDArray margin = Margins.of(logits, criterion).add(TOLERANCE);
        int classes = Math.toIntExact(logits.getShape().get(1));
        if (classes < 3) {
            return margin;
        }
        NDArray top = Logits.finite(logits.topK(Math.min(4, classes), 1).get(0));
        NDArray first = top.get(":, 0");
        NDArray third = top.get(":, 2");
        NDArray fourth = top.get(new NDIndex(":, -1"));
        NDArray targeted = criterion.targeted().toType(DataType.FLOAT32, false).mul(0.5);
        NDArray last = third.add(fourth.sub(third).mul(targeted));
        NDArray spread = first.sub(last).add(SMALL);
        NDArray known = spread.gt(LEAST_SPREAD).logicalAnd(spread.lt(MOST_SPREAD));
        return margin.div(NDArrays.where(known, spread, spread.onesLike()));
    }

    /** The samples that descend. */
    private static final class State extends ActiveSamples {

        final PerSample perturbation;

        /** The mean of the squared gradients. */
        final PerSample square;

        final PerSample momentum;
        final PerSample multiplier;

        /** The parameter of the penalty. */
        final PerSample penalty;

        /** The ratio at the last check. */
        final PerSample checkedRatio;

        /** The step of the first success. */
        final PerSample found;

        /** The learning rate of the first steps. */
        final PerSample rate;

        /** What logits are divided by, known after the first step. */
        final PerSample scale;

        State(NDArray images, Criterion criterion, SampleRandom random, Parameters p) {
            super(images, criterion, random);
            NDArray ones = images.getManager().ones(images.getShape().slice(0, 1));
            perturbation = keep(images.zerosLike());
            square = keep(images.onesLike());
            momentum = keep(images.zerosLike());
            multiplier = keep(ones);
            penalty = keep(ones);
            checkedRatio = keep(ones);
            found = keep(ones.mul(p.steps() + 1));
            rate = keep(ones.mul(p.learningRate()));
            scale = keep(ones);
        }
    }
}
