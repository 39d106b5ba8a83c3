// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Annealing;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Patience;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Sight;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Decoupled direction and norm (L2): steps along the gradient of the cross-entropy turn the
 * perturbation, whose length is set apart from them: it shrinks by a factor after each step that is
 * adversarial and grows by it after each that is not (algorithm 1). The nearest adversarial image
 * of all steps is the result. Close to Carlini and Wagner's attack in norm, at a small part of its
 * cost.
 *
 * @see <a href="https://arxiv.org/abs/1811.09600">Rony, Hafemann, Oliveira, Ben Ayed, Sabourin,
 *     Granger: Decoupling Direction and Norm for Efficient Gradient-Based L2 Adversarial Attacks
 *     and Defenses, CVPR 2019</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.ddn")
@AttackPlugin(
        name = "ddn",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description = "decoupled direction and norm: the length follows success (L2)",
        paper =
                "Rony, Hafemann, Oliveira, Ben Ayed, Sabourin, Granger: Decoupling Direction and"
                        + " Norm for Efficient Gradient-Based L2 Adversarial Attacks and Defenses,"
                        + " CVPR 2019")
@Designate(ocd = Ddn.Parameters.class)
public final class Ddn implements MinimumNormAttack<Ddn.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack ddn")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass",
                min = "1")
        int steps() default 100;

        @AttributeDefinition(
                description = "by how much the length grows or shrinks in a step, as a fraction",
                min = "0",
                max = "1")
        double gamma() default 0.05;

        @AttributeDefinition(
                description =
                        "length of the first perturbation, as a multiple of the range of pixels",
                min = "0")
        double initialNorm() default 1;

        @AttributeDefinition(
                description =
                        "to how many equidistant values pixels are rounded after each step, such as"
                                + " 256 for images that are saved with 8 bit; 0 does not round",
                min = "0")
        int levels() default 0;

        @AttributeDefinition(description = Patience.DESCRIPTION, min = "0")
        int patience() default 0;
    }

    /** The last step, as a multiple of the range of pixels; the first is 1 (section 4). */
    private static final double LAST_STEP = 0.01;

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
        Bounds bounds = classifier.bounds();
        Closest closest = new Closest(images);
        try (NDScope scope = new NDScope();
                State samples =
                        new State(images, criterion, context.random(), p.initialNorm(), bounds)) {
            scope.suppressNotUsedWarning();
            Patience patience = new Patience(p.patience(), closest, images);
            for (int i = 0; i < p.steps() && !samples.isEmpty(); i++) {
                context.checkCancelled();
                double length = Annealing.cosine(1, LAST_STEP, i, p.steps()) * bounds.range();
                step(classifier, samples, closest, context, length);
                patience.check(i, samples);
            }
            if (!samples.isEmpty()) {
                NDArray last = samples.images().add(samples.perturbation.get());
                offer(samples, closest, last, classifier.predict(last));
            }
        }
        return closest.images();
    }

    /** Offers images, and returns which of them are adversarial (M). */
    private static NDArray offer(State samples, Closest closest, NDArray moved, NDArray logits) {
        NDArray adversarial = samples.criterion().isAdversarial(logits);
        NDArray length = Norm.L2.of(samples.perturbation.get());
        closest.offer(samples.rows(), moved, length, adversarial);
        return adversarial;
    }

    private static void step(
            Classifier classifier,
            State samples,
            Closest closest,
            AttackContext<Parameters> context,
            double length) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Parameters p = context.parameters();
            NDArray clean = samples.images();
            NDArray perturbation = samples.perturbation.get();
            NDArray moved = clean.add(perturbation);
            Sight sight = Sight.at(classifier, moved, samples.criterion());
            NDArray adversarial = offer(samples, closest, moved, sight.logits());
            NDArray direction = direction(sight.gradient(), samples.random(), context);
            NDArray turned = direction.muli(length).addi(perturbation);
            NDArray radius = samples.radius.get();
            NDArray next =
                    NDArrays.where(
                                    adversarial,
                                    radius.mul(1 - p.gamma()),
                                    radius.mul(1 + p.gamma()))
                            .minimum(samples.limit.get());
            NDArray scale = next.div(Norm.L2.of(turned).maximum(Float.MIN_NORMAL));
            NDArray image =
                    inside(
                            turned.muli(Norm.broadcast(scale, turned)).addi(clean),
                            classifier.bounds(),
                            p.levels());
            samples.radius.set(next);
            samples.perturbation.set(image.subi(clean));
        }
    }

    /** Returns gradients of length 1, or random directions where the gradient is zero. */
    private static NDArray direction(
            NDArray gradient, SampleRandom random, AttackContext<Parameters> context) {
        NDArray norm = Norm.L2.of(gradient);
        NDArray zero = norm.lt(Float.MIN_NORMAL).nonzero().flatten();
        if (!zero.isEmpty()) {
            if (zero.size() == norm.size()) {
                context.warn(Ascent.ZERO_GRADIENTS);
            }
            NDArray drawn =
                    random.select(zero.toLongArray())
                            .normal(gradient.getManager(), gradient.getShape().slice(1));
            gradient.set(new NDIndex("{}", zero), drawn);
            norm = Norm.L2.of(gradient);
        }
        return gradient.divi(Norm.broadcast(norm, gradient));
    }

    private static NDArray inside(NDArray images, Bounds bounds, int levels) {
        NDArray clipped = images.clip(bounds.min(), bounds.max());
        if (levels < 2) {
            return clipped;
        }
        double unit = (levels - 1) / (double) bounds.range();
        return clipped.subi(bounds.min()).muli(unit).round().divi(unit).addi(bounds.min());
    }

    /** The samples that are searched. */
    private static final class State extends ActiveSamples {

        final PerSample perturbation;

        /** The length of the next perturbation. */
        final PerSample radius;

        /** The length of the longest perturbation inside the bounds. */
        final PerSample limit;

        State(
                NDArray images,
                Criterion criterion,
                SampleRandom random,
                double initialNorm,
                Bounds bounds) {
            super(images, criterion, random);
            perturbation = keep(images.zerosLike());
            radius =
                    keep(
                            images.getManager()
                                    .full(
                                            images.getShape().slice(0, 1),
                                            (float) (initialNorm * bounds.range())));
            limit = keep(Norm.L2.of(Images.farthest(images, bounds)));
        }
    }
}
