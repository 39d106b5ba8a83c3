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
import org.deepdefense.attack.Logits;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Scales;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The Jacobian-based saliency map attack on pairs of pixels (algorithm 3 of its paper): each step
 * changes the two pixels that raise the logit of the target and lower the sum of the others most. A
 * pixel stays in the search until it is within a hundredth of its bound, as in the paper; libraries
 * that change each pixel once give the same for the default of θ. A sample of which no pair helps
 * is given up.
 *
 * <p>The paper's attack is targeted. A sample without a target is driven in each step towards the
 * class that comes next after its label at that point, and is done as soon as its class changes.
 *
 * <p>A step compares all pairs of pixels, so that its time grows with their square: it is meant for
 * images as small as those of MNIST and CIFAR-10.
 *
 * @see <a href="https://arxiv.org/abs/1511.07528">Papernot, McDaniel, Jha, Fredrikson, Celik,
 *     Swami: The Limitations of Deep Learning in Adversarial Settings, EuroS&amp;P 2016</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.jsma")
@AttackPlugin(
        name = "jsma",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L0,
        description = "Changes the most salient pair of pixels until the target is reached (L0)",
        paper =
                "Papernot, McDaniel, Jha, Fredrikson, Celik, Swami: The Limitations of Deep"
                        + " Learning in Adversarial Settings, EuroS&P 2016")
@Designate(ocd = Jsma.Parameters.class)
public final class Jsma implements MinimumNormAttack<Jsma.Parameters> {

    /** Pixels nearer to their bound than this, relative to their range, are not worth a change. */
    private static final double SATURATED = 0.01;

    /** What a product of decimal fractions may fall short of an integer. */
    private static final double ROUNDING = 1e-9;

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack jsma")
    public @interface Parameters {

        @AttributeDefinition(
                description =
                        "change of a pixel in a step, as a multiple of the range of pixels; below 0"
                                + " pixels are darkened",
                min = "-1",
                max = "1")
        double theta() default 1;

        @AttributeDefinition(
                description =
                        "largest share of the pixels of an image, all channels counted, that may be"
                                + " changed; as they change in pairs, it may be one pixel less",
                min = "0",
                max = "1")
        double gamma() default 0.1;
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
        long pixels = classifier.inputShape().size();
        long steps = (long) Math.floor(pixels * p.gamma() / 2 + ROUNDING);
        NDArray result = images.duplicate();
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            PerSample current = active.keep(images);
            for (long step = 0; step < steps && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    step(classifier, active, current, context, result, step == 0);
                    leave(classifier, active, current, result);
                }
            }
            if (!active.isEmpty()) {
                active.write(result, current.get());
            }
        }
        return result;
    }

    /** Changes the most salient pair of each sample; lets samples go that have none. */
    private static void step(
            Classifier classifier,
            ActiveSamples active,
            PerSample current,
            AttackContext<Parameters> context,
            NDArray result,
            boolean first) {
        double theta = context.parameters().theta();
        NDArray x = current.get().duplicate();
        x.setRequiresGradient(true);
        NDArray logits = classifier.logits(x);
        NDArray isTarget = Boundaries.candidates(logits, active.criterion(), 2);
        NDArray masked = Logits.isMasked(logits).toType(DataType.FLOAT32, false);
        NDArray isOther = isTarget.neg().sub(masked).add(1);
        NDArray gradients =
                classifier
                        .gradients(logits, x, isTarget.concat(isOther, 0))
                        .reshape(2, active.count(), -1);
        if (first && Ascent.isZero(gradients)) {
            context.warn(Ascent.ZERO_GRADIENTS);
        }
        NDArray scale = Scales.of(gradients.abs().max(new int[] {2}, true));
        gradients = gradients.div(scale);
        double sign = Math.signum(theta);
        Bounds bounds = classifier.bounds();
        double margin = SATURATED * bounds.range();
        NDArray open = theta > 0 ? x.lt(bounds.max() - margin) : x.gt(bounds.min() + margin);
        SaliencyPairs pairs =
                SaliencyPairs.of(
                        gradients.get(0).mul(sign),
                        gradients.get(1).mul(-sign),
                        open.reshape(active.count(), -1));
        NDArray moved =
                x.stopGradient()
                        .add(pairs.pixels().reshape(x.getShape()).mul(theta * bounds.range()))
                        .clip(bounds.min(), bounds.max());
        current.set(moved);
        active.write(result, moved, pairs.found().logicalNot());
        active.retain(pairs.found());
    }

    /** Lets samples go that have reached their goal. */
    private static void leave(
            Classifier classifier, ActiveSamples active, PerSample current, NDArray result) {
        if (!active.isEmpty()) {
            NDArray moved = current.get();
            NDArray reached = active.criterion().isAdversarial(classifier.predict(moved));
            active.write(result, moved, reached);
            active.retain(reached.logicalNot());
        }
    }
}
