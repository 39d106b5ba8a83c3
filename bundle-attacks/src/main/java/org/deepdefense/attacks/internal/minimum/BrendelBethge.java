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
import org.deepdefense.attacks.internal.support.AdversarialStarts;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.Masks;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The Brendel-Bethge attack in L2: from an adversarial point, steps along the boundary towards the
 * image. Each step is the point nearest to the image that lies on the linearised boundary, inside
 * the bounds and inside a trust region, whose radius is halved again and again.
 *
 * <p>That problem is solved for all samples at once: with a multiplier μ for the trust region its
 * solution is the projection of x + (x₀ − x) / (1 + μ) onto the boundary, and μ is found by
 * bisection. Where even the shortest way to the boundary leaves the trust region, the step goes as
 * far on that way as it may. The radius is measured by the diagonal of the box of images; Foolbox
 * measures it by the number of components of a whole batch, so that a sample's result depends on
 * the others. A sample leaves when the radius is negligible beside its distance.
 *
 * <p>Foolbox starts from noise. A network may take all noise for one class, and the steps then
 * follow the boundary of that class, however far it is from the image. Here the start is where a
 * few steps along the gradient leave the class; noise is for the samples that these do not move far
 * enough.
 *
 * @see <a href="https://arxiv.org/abs/1907.01003">Brendel, Rauber, Kümmerer, Ustyuzhaninov, Bethge:
 *     Accurate, reliable and fast robustness evaluation, NeurIPS 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.bb")
@AttackPlugin(
        name = "bb",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description =
                "Brendel-Bethge: along the boundary towards the image, in a trust region (L2)",
        paper =
                "Brendel, Rauber, Kümmerer, Ustyuzhaninov, Bethge: Accurate, reliable and fast"
                        + " robustness evaluation, NeurIPS 2019")
@Designate(ocd = BrendelBethge.Parameters.class)
public final class BrendelBethge implements MinimumNormAttack<BrendelBethge.Parameters> {

    /** How often the first distance to the boundary is halved. */
    private static final int BOUNDARY_BISECTIONS = 10;

    /** A radius below this share of the distance to the image moves nothing any more. */
    private static final double NEGLIGIBLE = 1e-5;

    /**
     * By how much of the larger logit an image must be adversarial: on the boundary itself the
     * rounding errors of a batch of another size would decide.
     */
    private static final double ROUNDING = 1e-5;

    /** How often the range of the multiplier is halved. */
    private static final int MULTIPLIER_BISECTIONS = 8;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack bb")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 1000;

        @AttributeDefinition(
                description =
                        "first radius of the trust region, as a share of the distance between the"
                                + " darkest and the brightest image",
                min = "0")
        double radius() default 0.1;

        @AttributeDefinition(
                description =
                        "how often the radius is multiplied with the decay: each time that steps /"
                                + " decays steps, at least 1, are done",
                min = "1")
        int decays() default 20;

        @AttributeDefinition(
                description = "what the radius is multiplied with",
                min = "0",
                max = "1")
        double decay() default 0.5;

        @AttributeDefinition(
                description =
                        "how far to go: 1 aims at the boundary, more at a point on its adversarial"
                                + " side",
                min = "1",
                max = "2")
        double overshoot() default 1.1;

        @AttributeDefinition(
                description = "weight of earlier steps in the direction of the boundary",
                min = "0",
                max = "1")
        double momentum() default 0.8;

        @AttributeDefinition(
                description =
                        "images of noise to try, at most, until one is adversarial, for samples"
                                + " that gradients do not lead to a start",
                min = "1")
        int draws() default 1000;
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
        return new AdversarialStarts(classifier, context, context.parameters().draws())
                .refine(
                        images,
                        criterion,
                        new LinearisedStarts(classifier, context),
                        (clean, starts, goal, random) ->
                                search(classifier, clean, starts, goal, random, context));
    }

    private static NDArray search(
            Classifier classifier,
            NDArray images,
            NDArray starts,
            Criterion criterion,
            SampleRandom random,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        Closest closest = new Closest(images);
        NDArray near = towards(classifier, images, criterion, starts);
        try (State samples = new State(images, criterion, random, near)) {
            NDArray distance = Norm.L2.of(starts.sub(images));
            closest.offer(samples.rows(), starts, distance, distance.gte(0));
            double radius =
                    p.radius()
                            * Math.sqrt((double) classifier.inputShape().size())
                            * classifier.bounds().range();
            int interval = Math.max(1, p.steps() / p.decays());
            for (int step = 0; step < p.steps() && !samples.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    if ((step + 2) % interval == 0) {
                        radius *= p.decay();
                        retire(classifier, samples, closest, radius);
                    }
                    if (!samples.isEmpty()) {
                        step(classifier, samples, closest, p, radius, step == 0);
                    }
                }
            }
            if (!samples.isEmpty()) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    check(classifier, samples, closest);
                }
            }
        }
        return closest.images();
    }

    /** Lets the samples go that the trust region holds where they are. */
    private static void retire(
            Classifier classifier, State samples, Closest closest, double radius) {
        NDArray distance = Norm.L2.of(samples.current.get().sub(samples.images()));
        NDArray held = distance.mul(NEGLIGIBLE).gt(radius);
        if (Masks.any(held)) {
            check(classifier, samples, closest);
            samples.retain(held.logicalNot());
        }
    }

    /** Keeps what the last steps led to, where it is adversarial. */
    private static void check(Classifier classifier, State samples, Closest closest) {
        NDArray last = classifier.predict(samples.current.get());
        offer(closest, samples, isAdversarial(last, samples.criterion()));
    }

    private static NDArray isAdversarial(NDArray logits, Criterion criterion) {
        NDArray error = Margins.size(logits, criterion).mul(ROUNDING);
        return Margins.of(logits, criterion).add(error).lt(0);
    }

    /** Bisects the way from the images to adversarial points, and returns adversarial points. */
    private static NDArray towards(
            Classifier classifier, NDArray images, Criterion criterion, NDArray far) {
        NDArray way = far.sub(images);
        NDArray high = criterion.labels().onesLike().toType(DataType.FLOAT32, false);
        NDArray low = high.zerosLike();
        for (int i = 0; i < BOUNDARY_BISECTIONS; i++) {
            NDArray middle = low.add(high).mul(0.5f);
            NDArray point = way.mul(Norm.broadcast(middle, way)).add(images);
            NDArray fooled = isAdversarial(classifier.predict(point), criterion);
            high = NDArrays.where(fooled, middle, high);
            low = NDArrays.where(fooled, low, middle);
        }
        return way.mul(Norm.broadcast(high, way)).add(images);
    }

    private static void step(
            Classifier classifier,
            State active,
            Closest closest,
            Parameters p,
            double radius,
            boolean first) {
        Criterion criterion = active.criterion();
        NDArray x = active.current.get();
        Classifier.LossGradient margin =
                classifier.lossGradient(x, logits -> Margins.of(logits, criterion));
        offer(closest, active, isAdversarial(margin.logits(), criterion));
        NDArray normal =
                first
                        ? margin.gradient()
                        : margin.gradient()
                                .mul(1 - p.momentum())
                                .add(active.normal.get().mul(p.momentum()));
        active.normal.set(normal);
        NDArray resisting = margin.loss().gt(0);
        NDArray change =
                NDArrays.where(
                        resisting,
                        margin.loss().mul(-p.overshoot()),
                        margin.loss().mul(p.overshoot() - 2));
        Bounds bounds = classifier.bounds();
        NDArray move =
                nearest(active.images().sub(x), x, active.normal.get(), change, radius, bounds);
        active.current.set(x.add(move).clip(bounds.min(), bounds.max()));
    }

    /**
     * Returns the moves onto the boundary that end nearest to the images, of those inside the trust
     * region.
     */
    private static NDArray nearest(
            NDArray way, NDArray x, NDArray normal, NDArray change, double radius, Bounds bounds) {
        Hyperplanes hyperplanes = new Hyperplanes(Norm.L2, bounds);
        NDArray slope = way.mul(normal).reshape(way.getShape().get(0), -1).sum(new int[] {1});
        NDArray shortest = hyperplanes.steps(x, normal, change.neg());
        NDArray inside =
                Norm.L2.of(shortest).maximum(Float.MIN_NORMAL).pow(-1).mul(radius).minimum(1);
        NDArray best = shortest.mul(Norm.broadcast(inside, shortest));
        NDArray low = change.zerosLike();
        NDArray high = change.onesLike();
        NDArray share = high;
        for (int i = 0; i <= MULTIPLIER_BISECTIONS; i++) {
            NDArray part = way.mul(Norm.broadcast(share, way));
            NDArray move =
                    part.add(hyperplanes.steps(x.add(part), normal, slope.mul(share).sub(change)));
            NDArray fits = Norm.L2.of(move).lte(radius);
            low = NDArrays.where(fits, share, low);
            high = NDArrays.where(fits, high, share);
            best = Images.choose(fits, move, best);
            share = low.add(high).mul(0.5f);
        }
        return best;
    }

    private static void offer(Closest closest, State samples, NDArray fooled) {
        NDArray x = samples.current.get();
        closest.offer(samples.rows(), x, Norm.L2.of(x.sub(samples.images())), fooled);
    }

    /** The samples that follow the boundary. */
    private static final class State extends ActiveSamples {

        final PerSample current;

        /** The mean direction of the boundary. */
        final PerSample normal;

        State(NDArray images, Criterion criterion, SampleRandom random, NDArray starts) {
            super(images, criterion, random);
            current = keep(starts);
            normal = keep(images.zerosLike());
        }
    }
}
