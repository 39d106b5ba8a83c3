// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.AdversarialStarts;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The boundary attack: a random walk of adversarial images, each step on the sphere around the
 * clean image and then towards it. It needs decisions only. As in Foolbox, the lengths of both
 * steps follow the success rate of the last steps, of which every tenth is counted, and a sample
 * whose step towards the clean image has become tiny leaves. It starts from noise; where none is
 * adversarial, as is likely with a target, the clean image is returned with a warning.
 *
 * @see <a href="https://arxiv.org/abs/1712.04248">Brendel, Rauber, Bethge: Decision-Based
 *     Adversarial Attacks: Reliable Attacks Against Black-Box Machine Learning Models, ICLR
 *     2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.boundary")
@AttackPlugin(
        name = "boundary",
        description = "random walk along the boundary from decisions alone (L2)",
        paper =
                "Brendel, Rauber, Bethge: Decision-Based Adversarial Attacks: Reliable Attacks Against Black-Box Machine Learning Models, ICLR 2018")
@Designate(ocd = BoundaryAttack.Parameters.class)
public final class BoundaryAttack implements MinimumNormAttack<BoundaryAttack.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack boundary")
    public @interface Parameters {

        /** Returns the number of steps. */
        @AttributeDefinition(description = "number of steps, each a query", min = "1")
        int steps() default 25000;

        /** Returns the first length of a step on the sphere. */
        @AttributeDefinition(
                description = "first step around the clean image, as a share of the distance",
                min = "0")
        double sphericalStep() default 0.01;

        /** Returns the first length of a step towards the clean image. */
        @AttributeDefinition(
                description = "first step towards the clean image, as a share of the distance",
                min = "0")
        double sourceStep() default 0.01;

        /** Returns when a sample is done. */
        @AttributeDefinition(
                description = "a sample is done when its step towards the clean image is shorter",
                min = "0")
        double convergence() default 1e-7;

        /** Returns how much lengths change. */
        @AttributeDefinition(
                description = "factor by which lengths of steps grow and shrink",
                min = "1")
        double stepAdaptation() default 1.5;

        /** Returns how much noise is tried as a start. */
        @AttributeDefinition(
                description = "images of noise to try, at most, until one is adversarial",
                min = "1")
        int draws() default 1000;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public Access access() {
        return Access.DECISIONS;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Walk walk = new Walk(classifier, context, context.parameters());
        return new AdversarialStarts(classifier, context, context.parameters().draws())
                .refine(images, criterion, walk::refine);
    }

    /** The walk of the samples that have a start. */
    private record Walk(Classifier classifier, AttackContext<?> context, Parameters parameters) {

        private static final int BEST = 0;
        private static final int SPHERICAL_STEP = 1;
        private static final int SOURCE_STEP = 2;
        private static final int SPHERICAL_RECORD = 3;
        private static final int BOTH_RECORD = 4;

        /** Every how many steps successes are counted. */
        private static final int COUNTED = 10;

        private static final int SPHERICAL_WINDOW = 100;
        private static final int BOTH_WINDOW = 30;

        NDArray refine(NDArray images, NDArray starts, Criterion criterion, SampleRandom random) {
            NDArray result = starts.duplicate();
            NDManager manager = images.getManager();
            long samples = images.getShape().get(0);
            NDArray one = manager.ones(new Shape(samples));
            try (ActiveSamples active =
                    new ActiveSamples(
                            images,
                            criterion,
                            random,
                            starts,
                            one.mul(parameters.sphericalStep()),
                            one.mul(parameters.sourceStep()),
                            manager.full(new Shape(samples, SPHERICAL_WINDOW), Successes.NONE),
                            manager.full(new Shape(samples, BOTH_WINDOW), Successes.NONE))) {
                for (int step = 1; step <= parameters.steps() && !active.isEmpty(); step++) {
                    context.checkCancelled();
                    step(active, step % COUNTED == 0);
                    if (step % COUNTED == 0) {
                        leave(active, result);
                    }
                }
                if (!active.isEmpty()) {
                    active.write(result, active.state(BEST));
                }
            }
            return result;
        }

        private void leave(ActiveSamples active, NDArray result) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray converged = active.state(SOURCE_STEP).lt(parameters.convergence());
                active.write(result, active.state(BEST), converged);
                active.retain(converged.logicalNot());
            }
        }

        private void step(ActiveSamples active, boolean counted) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray best = active.state(BEST);
                NDArray around = around(active);
                NDArray towards = towards(active, around);
                NDArray reached = active.criterion().isAdversarial(classifier.predict(towards));
                NDArray distance = Norm.L2.of(best.sub(active.images()));
                NDArray nearer = Norm.L2.of(towards.sub(active.images())).lt(distance);
                NDArray better = Norm.broadcast(reached.logicalAnd(nearer), best);
                active.replace(
                        BEST, NDArrays.where(better.broadcast(best.getShape()), towards, best));
                if (counted) {
                    NDArray stays = active.criterion().isAdversarial(classifier.predict(around));
                    adapt(active, SPHERICAL_RECORD, stays, 0.2, 0.5, SPHERICAL_STEP, SOURCE_STEP);
                    adapt(active, BOTH_RECORD, reached, 0.1, 0.25, SOURCE_STEP);
                }
            }
        }

        /** Steps orthogonally to the way to the clean image, and back onto the sphere. */
        private NDArray around(ActiveSamples active) {
            NDArray images = active.images();
            NDArray offset = active.state(BEST).sub(images);
            NDArray distance = Norm.L2.of(offset);
            NDArray unit = offset.div(Norm.broadcast(distance, offset));
            NDArray drawn = active.random().normal(images.getManager(), images.getShape().slice(1));
            NDArray along = drawn.mul(unit).sum(new int[] {1, 2, 3}, true);
            NDArray orthogonal = drawn.sub(unit.mul(along));
            NDArray step = active.state(SPHERICAL_STEP);
            NDArray length = step.mul(distance).div(Norm.L2.of(orthogonal));
            NDArray moved = offset.add(orthogonal.mul(Norm.broadcast(length, offset)));
            NDArray shrink = step.square().add(1).sqrt();
            return clip(images.add(moved.div(Norm.broadcast(shrink, offset))));
        }

        /** Steps towards the clean image, and corrects what clipping did to the distance. */
        private NDArray towards(ActiveSamples active, NDArray around) {
            NDArray way = active.images().sub(around);
            NDArray distance = Norm.L2.of(active.state(BEST).sub(active.images()));
            NDArray left = Norm.L2.of(way);
            NDArray length = active.state(SOURCE_STEP).mul(distance).add(left).sub(distance);
            NDArray share = length.maximum(0).div(left);
            return clip(around.add(way.mul(Norm.broadcast(share, way))));
        }

        private NDArray clip(NDArray images) {
            Bounds bounds = classifier.bounds();
            return images.clip(bounds.min(), bounds.max());
        }

        /** Records successes, and scales steps where their rate leaves a range. */
        private void adapt(
                ActiveSamples active,
                int record,
                NDArray success,
                double low,
                double high,
                int... steps) {
            Successes successes = new Successes(active.state(record)).with(success);
            NDArray rate = successes.rate();
            NDArray full = successes.isFull();
            NDArray grow = full.logicalAnd(rate.gt(high));
            NDArray shrink = full.logicalAnd(rate.lt(low));
            for (int step : steps) {
                NDArray length = active.state(step);
                NDArray grown =
                        NDArrays.where(grow, length.mul(parameters.stepAdaptation()), length);
                active.replace(
                        step,
                        NDArrays.where(shrink, length.div(parameters.stepAdaptation()), grown));
            }
            active.replace(record, successes.without(grow.logicalOr(shrink)).window());
        }
    }

    /**
     * The last successes and failures of each sample.
     *
     * @param window 1, 0 or {@link #NONE} (M, length), the last one at the end
     */
    private record Successes(NDArray window) {

        static final float NONE = -1;

        Successes with(NDArray success) {
            NDArray last = success.toType(DataType.FLOAT32, false).reshape(-1, 1);
            return new Successes(window.get(new NDIndex(":, 1:")).concat(last, 1));
        }

        NDArray rate() {
            return window.mean(new int[] {1});
        }

        NDArray isFull() {
            return window.min(new int[] {1}).gte(0);
        }

        /** Forgets those of some samples. */
        Successes without(NDArray samples) {
            NDArray forgotten = samples.reshape(-1, 1).broadcast(window.getShape());
            return new Successes(NDArrays.where(forgotten, window.onesLike().mul(NONE), window));
        }
    }
}
