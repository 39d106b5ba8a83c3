// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

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
import org.deepdefense.attacks.internal.support.Annealing;
import org.deepdefense.attacks.internal.support.Boundaries;
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
 * σ-zero (algorithm 1 of its paper): Adam on the margin, as long as a sample resists, plus a smooth
 * count of the changed pixels, δ² / (δ² + σ). After each step, changes below a threshold are
 * undone; the threshold grows while the sample is adversarial and falls while it is not.
 *
 * <p>The last step is tested too, and a success that changes every pixel counts, which is not so in
 * other implementations. Beyond the paper, samples may be targeted: the margin is then that of the
 * target; and where the scale of the logits is unusual, as where the strongest leads by more than a
 * thousand, the margin is divided by it, so that it does not matter against the count.
 *
 * @see <a href="https://arxiv.org/abs/2402.01879">Cinà, Villani, Pintor, Schönherr, Biggio,
 *     Pelillo: σ-zero: Gradient-based Optimization of ℓ0-norm Adversarial Examples, ICLR 2025</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.sigma_zero")
@AttackPlugin(
        name = "sigma-zero",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L0,
        description = "gradient descent on a smooth count of changed pixels, with a threshold (L0)",
        paper =
                "Cinà, Villani, Pintor, Schönherr, Biggio, Pelillo: σ-zero: Gradient-based"
                        + " Optimization of ℓ0-norm Adversarial Examples, ICLR 2025")
@Designate(ocd = SigmaZero.Parameters.class)
public final class SigmaZero implements MinimumNormAttack<SigmaZero.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack sigma-zero")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 1000;

        @AttributeDefinition(
                description =
                        "length of the first steps as a share of the range of pixels; it falls to a"
                                + " tenth along a cosine",
                min = "0")
        double stepSize() default 1;

        @AttributeDefinition(
                description =
                        "a change whose square is sigma (as a share of the squared range) counts as"
                                + " half a pixel",
                min = "1e-6")
        double sigma() default 0.001;

        @AttributeDefinition(
                description =
                        "changes below this share of the range are undone; it adapts to each"
                                + " sample",
                min = "0",
                max = "1")
        double threshold() default 0.3;

        @AttributeDefinition(
                description = "change of the threshold in a step, as a multiple of its length",
                min = "0")
        double thresholdStep() default 0.01;

        @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
        int patience() default 0;
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
        Patience patience = new Patience(p.patience(), closest, images);
        try (State samples = start(images, criterion, context)) {
            Adam adam = new Adam(samples, 1);
            double length = p.stepSize();
            for (int step = 0; step < p.steps() && !samples.isEmpty(); step++) {
                context.checkCancelled();
                double next = Annealing.cosine(p.stepSize(), 0.1 * p.stepSize(), step, p.steps());
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray x = samples.images().add(samples.change.get());
                    Classifier.LossGradient margin =
                            classifier.lossGradient(
                                    x, logits -> Margins.of(logits, samples.criterion()));
                    if (step == 0) {
                        samples.scale.set(Scales.ofLogits(margin.logits()));
                    }
                    if (step == 0 && Norm.LINF.of(margin.gradient()).min().getFloat() == 0) {
                        context.warn(Boundaries.STUCK);
                    }
                    NDArray fooled = samples.criterion().isAdversarial(margin.logits());
                    offer(closest, samples, x, fooled);
                    move(
                            samples,
                            adam.step(gradient(samples, margin, p, classifier.bounds())),
                            length,
                            classifier.bounds());
                    drop(samples, fooled, p.thresholdStep() * next, classifier.bounds());
                }
                patience.check(step, samples);
                length = next;
            }
            checkLast(classifier, samples, closest);
        }
        return closest.images();
    }

    private static void checkLast(Classifier classifier, State samples, Closest closest) {
        if (samples.isEmpty()) {
            return;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray last = samples.images().add(samples.change.get());
            NDArray logits = classifier.predict(last);
            offer(closest, samples, last, samples.criterion().isAdversarial(logits));
        }
    }

    private static State start(
            NDArray images, Criterion criterion, AttackContext<Parameters> context) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new State(images, criterion, context.random(), context.parameters().threshold());
        }
    }

    private static void offer(Closest closest, State samples, NDArray x, NDArray fooled) {
        closest.offer(samples.rows(), x, Norm.L0.of(samples.change.get()), fooled);
    }

    /** Returns the gradient of the loss, with a largest component of 1. */
    private static NDArray gradient(
            State samples, Classifier.LossGradient margin, Parameters p, Bounds bounds) {
        NDArray resisting = margin.loss().gte(0).toType(DataType.FLOAT32, false);
        double sigma = p.sigma() * bounds.range() * bounds.range();
        NDArray gradient =
                margin.gradient()
                        .div(Norm.broadcast(samples.scale.get(), margin.gradient()))
                        .mul(Norm.broadcast(resisting, margin.gradient()))
                        .add(countGradient(samples.change.get(), sigma));
        NDArray scale = Norm.LINF.of(gradient).maximum(Float.MIN_NORMAL);
        return gradient.div(Norm.broadcast(scale, gradient));
    }

    private static void move(State samples, NDArray step, double length, Bounds bounds) {
        NDArray images = samples.images();
        samples.change.set(
                samples.change
                        .get()
                        .add(step.mul(length * bounds.range()))
                        .add(images)
                        .clip(bounds.min(), bounds.max())
                        .sub(images));
    }

    /** Adapts the thresholds and undoes the changes below them. */
    private static void drop(State samples, NDArray fooled, double step, Bounds bounds) {
        NDArray sign = fooled.toType(DataType.FLOAT32, false).mul(2).sub(1);
        samples.threshold.set(samples.threshold.get().add(sign.mul(step)).clip(0, 1));
        NDArray change = samples.change.get();
        NDArray threshold = Norm.broadcast(samples.threshold.get().mul(bounds.range()), change);
        NDArray large = change.abs().gte(threshold).toType(DataType.FLOAT32, false);
        samples.change.set(change.mul(large));
    }

    /** Returns the derivative of the mean of δ² / (δ² + σ) over the pixels of a sample. */
    private static NDArray countGradient(NDArray change, double sigma) {
        double pixels = change.getShape().slice(1).size();
        return change.mul(2 * sigma / pixels).div(change.square().add(sigma).square());
    }

    /** The samples that descend. */
    private static final class State extends ActiveSamples {

        final PerSample change;

        /** Changes below it are undone. */
        final PerSample threshold;

        /** What margins are divided by, known after the first step. */
        final PerSample scale;

        State(NDArray images, Criterion criterion, SampleRandom random, double firstThreshold) {
            super(images, criterion, random);
            NDArray ones = images.getManager().ones(images.getShape().slice(0, 1));
            change = keep(images.zerosLike());
            threshold = keep(ones.mul(firstThreshold));
            scale = keep(ones);
        }
    }
}
