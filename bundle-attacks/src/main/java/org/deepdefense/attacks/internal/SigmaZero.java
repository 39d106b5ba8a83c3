package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
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
 * target.
 */
@Component(service = Attack.class)
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
    private static final int BEST = 4;
    private static final int FEWEST = 5;

    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final double TINY = 1e-8;

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
                min = "0")
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
        NDArray result = images.duplicate();
        try (ActiveSamples samples = start(images, criterion, context)) {
            double length = p.stepSize();
            for (int step = 0; step < p.steps(); step++) {
                context.checkCancelled();
                double next = annealed(p, step);
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    step(classifier, samples, context, step, length, next);
                }
                length = next;
            }
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray last = samples.images().add(samples.state(CHANGE));
                keep(samples, last, criterion.isAdversarial(classifier.predict(last)));
            }
            samples.write(result, samples.state(BEST));
        }
        return result;
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
                    images,
                    ones.mul(Float.POSITIVE_INFINITY));
        }
    }

    /** Returns the length of the step after this one, on a cosine from the whole to a tenth. */
    private static double annealed(Parameters p, int step) {
        double cosine = (1 + Math.cos(Math.PI * step / p.steps())) / 2;
        return p.stepSize() * (0.1 + 0.9 * cosine);
    }

    private static void step(
            Classifier classifier,
            ActiveSamples samples,
            AttackContext<Parameters> context,
            int step,
            double length,
            double nextLength) {
        Parameters p = context.parameters();
        Bounds bounds = classifier.bounds();
        Criterion criterion = samples.criterion();
        NDArray images = samples.images();
        NDArray change = samples.state(CHANGE);
        NDArray x = images.add(change);
        Classifier.LossGradient margin =
                classifier.lossGradient(x, logits -> Margins.of(logits, criterion));
        NDArray fooled = criterion.isAdversarial(margin.logits());
        keep(samples, x, fooled);
        if (step == 0 && Norm.LINF.of(margin.gradient()).min().getFloat() == 0) {
            context.warn(Boundaries.STUCK);
        }

        NDArray resisting = margin.loss().gte(0).toType(DataType.FLOAT32, false);
        NDArray gradient =
                margin.gradient()
                        .mul(Norm.broadcast(resisting, x))
                        .add(countGradient(change, p.sigma() * bounds.range() * bounds.range()));
        NDArray scale = Norm.LINF.of(gradient).maximum(Float.MIN_NORMAL);
        gradient = gradient.div(Norm.broadcast(scale, gradient));
        NDArray direction = adam(samples, gradient, step + 1);

        NDArray moved =
                change.sub(direction.mul(length * bounds.range()))
                        .add(images)
                        .clip(bounds.min(), bounds.max())
                        .sub(images);
        NDArray sign = fooled.toType(DataType.FLOAT32, false).mul(2).sub(1);
        NDArray threshold =
                samples.state(THRESHOLD).add(sign.mul(p.thresholdStep() * nextLength)).clip(0, 1);
        samples.replace(THRESHOLD, threshold);
        NDArray large = moved.abs().gte(Norm.broadcast(threshold.mul(bounds.range()), moved));
        samples.replace(CHANGE, moved.mul(large.toType(DataType.FLOAT32, false)));
    }

    /** Returns the derivative of the mean of δ² / (δ² + σ) over the pixels of a sample. */
    private static NDArray countGradient(NDArray change, double sigma) {
        double pixels = change.getShape().slice(1).size();
        return change.mul(2 * sigma / pixels).div(change.square().add(sigma).square());
    }

    private static NDArray adam(ActiveSamples samples, NDArray gradient, int step) {
        NDArray mean = samples.state(MEAN).mul(MEAN_DECAY).add(gradient.mul(1 - MEAN_DECAY));
        NDArray square =
                samples.state(SQUARE)
                        .mul(SQUARE_DECAY)
                        .add(gradient.square().mul(1 - SQUARE_DECAY));
        samples.replace(MEAN, mean);
        samples.replace(SQUARE, square);
        double meanShare = 1 - Math.pow(MEAN_DECAY, step);
        double squareShare = 1 - Math.pow(SQUARE_DECAY, step);
        NDArray scale = square.sqrt().div(Math.sqrt(squareShare)).add(TINY);
        return mean.div(scale).div(meanShare);
    }

    /** Keeps adversarial images that change fewer pixels than those before. */
    private static void keep(ActiveSamples samples, NDArray x, NDArray fooled) {
        NDArray count = Norm.L0.of(samples.state(CHANGE));
        NDArray better = fooled.logicalAnd(count.lt(samples.state(FEWEST)));
        samples.replace(FEWEST, NDArrays.where(better, count, samples.state(FEWEST)));
        NDArray chosen = Norm.broadcast(better, x).broadcast(x.getShape());
        samples.replace(BEST, NDArrays.where(chosen, x, samples.state(BEST)));
    }
}
