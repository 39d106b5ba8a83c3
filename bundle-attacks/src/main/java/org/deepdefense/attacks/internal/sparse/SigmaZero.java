// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Adam;
import org.deepdefense.attacks.internal.support.Annealing;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Patience;
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
        description = "gradient descent on a smooth count of changed pixels, with a threshold (L0)",
        paper =
                "Cinà, Villani, Pintor, Schönherr, Biggio, Pelillo: σ-zero: Gradient-based"
                        + " Optimization of ℓ0-norm Adversarial Examples, ICLR 2025")
@Designate(ocd = SigmaZero.Parameters.class)
public final class SigmaZero implements MinimumNormAttack<SigmaZero.Parameters> {

    private static final int CHANGE = 0;
    private static final int MEAN = 1;
    private static final int SQUARE = 2;
    private static final int THRESHOLD = 3;

    /** What margins are divided by, known after the first step. */
    private static final int SCALE = 4;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack sigma-zero")
    public @interface Parameters {

        /** Returns the number of steps. */
        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 1000;

        /** Returns the length of the first steps. */
        @AttributeDefinition(
                description =
                        "length of the first steps as a share of the range of pixels; it falls to a"
                                + " tenth along a cosine",
                min = "0")
        double stepSize() default 1;

        /** Returns the smoothness of the count. */
        @AttributeDefinition(
                description =
                        "a change whose square is sigma (as a share of the squared range) counts as"
                                + " half a pixel",
                min = "1e-6")
        double sigma() default 0.001;

        /** Returns the first threshold. */
        @AttributeDefinition(
                description =
                        "changes below this share of the range are undone; it adapts to each"
                                + " sample",
                min = "0",
                max = "1")
        double threshold() default 0.3;

        /** Returns how fast the threshold adapts. */
        @AttributeDefinition(
                description = "change of the threshold in a step, as a multiple of its length",
                min = "0")
        double thresholdStep() default 0.01;

        /** Returns when a sample is done. */
        @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
        int patience() default 0;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.L0;
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
        try (ActiveSamples samples = start(images, criterion, context)) {
            Adam adam = new Adam(samples, MEAN, SQUARE, 1);
            double length = p.stepSize();
            for (int step = 0; step < p.steps() && !samples.isEmpty(); step++) {
                context.checkCancelled();
                double next = Annealing.cosine(p.stepSize(), 0.1 * p.stepSize(), step, p.steps());
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray x = samples.images().add(samples.state(CHANGE));
                    Classifier.LossGradient margin =
                            classifier.lossGradient(
                                    x, logits -> Margins.of(logits, samples.criterion()));
                    if (step == 0) {
                        samples.replace(SCALE, Scales.ofLogits(margin.logits()));
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

    private static void checkLast(Classifier classifier, ActiveSamples samples, Closest closest) {
        if (samples.isEmpty()) {
            return;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray last = samples.images().add(samples.state(CHANGE));
            NDArray logits = classifier.predict(last);
            offer(closest, samples, last, samples.criterion().isAdversarial(logits));
        }
    }

    private static ActiveSamples start(
            NDArray images, Criterion criterion, AttackContext<Parameters> context) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray zeros = images.zerosLike();
            NDArray ones = criterion.labels().onesLike().toType(DataType.FLOAT32, false);
            return new ActiveSamples(
                    images,
                    criterion,
                    context.random(),
                    zeros,
                    zeros,
                    zeros,
                    ones.mul(context.parameters().threshold()),
                    ones);
        }
    }

    private static void offer(Closest closest, ActiveSamples samples, NDArray x, NDArray fooled) {
        closest.offer(samples.rows(), x, Norm.L0.of(samples.state(CHANGE)), fooled);
    }

    /** Returns the gradient of the loss, with a largest component of 1. */
    private static NDArray gradient(
            ActiveSamples samples, Classifier.LossGradient margin, Parameters p, Bounds bounds) {
        NDArray resisting = margin.loss().gte(0).toType(DataType.FLOAT32, false);
        double sigma = p.sigma() * bounds.range() * bounds.range();
        NDArray gradient =
                margin.gradient()
                        .div(Norm.broadcast(samples.state(SCALE), margin.gradient()))
                        .mul(Norm.broadcast(resisting, margin.gradient()))
                        .add(countGradient(samples.state(CHANGE), sigma));
        NDArray scale = Norm.LINF.of(gradient).maximum(Float.MIN_NORMAL);
        return gradient.div(Norm.broadcast(scale, gradient));
    }

    private static void move(ActiveSamples samples, NDArray step, double length, Bounds bounds) {
        NDArray images = samples.images();
        samples.replace(
                CHANGE,
                samples.state(CHANGE)
                        .add(step.mul(length * bounds.range()))
                        .add(images)
                        .clip(bounds.min(), bounds.max())
                        .sub(images));
    }

    /** Adapts the thresholds and undoes the changes below them. */
    private static void drop(ActiveSamples samples, NDArray fooled, double step, Bounds bounds) {
        NDArray sign = fooled.toType(DataType.FLOAT32, false).mul(2).sub(1);
        samples.replace(THRESHOLD, samples.state(THRESHOLD).add(sign.mul(step)).clip(0, 1));
        NDArray change = samples.state(CHANGE);
        NDArray threshold = Norm.broadcast(samples.state(THRESHOLD).mul(bounds.range()), change);
        NDArray large = change.abs().gte(threshold).toType(DataType.FLOAT32, false);
        samples.replace(CHANGE, change.mul(large));
    }

    /** Returns the derivative of the mean of δ² / (δ² + σ) over the pixels of a sample. */
    private static NDArray countGradient(NDArray change, double sigma) {
        double pixels = change.getShape().slice(1).size();
        return change.mul(2 * sigma / pixels).div(change.square().add(sigma).square());
    }
}
