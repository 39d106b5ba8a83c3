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
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.AdversarialStarts;
import org.deepdefense.attacks.internal.support.PerSample;
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
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.DECISIONS,
        description = "random walk along the boundary from decisions alone (L2)",
        paper =
                "Brendel, Rauber, Bethge: Decision-Based Adversarial Attacks: Reliable Attacks Against Black-Box Machine Learning Models, ICLR 2018")
@Designate(ocd = BoundaryAttack.Parameters.class)
public final class BoundaryAttack implements MinimumNormAttack<BoundaryAttack.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack boundary")
    public @interface Parameters {

        @AttributeDefinition(description = "number of steps, each a query", min = "1")
        int steps() default 25000;

        @AttributeDefinition(
                description = "first step around the clean image, as a share of the distance",
                min = "0")
        double sphericalStep() default 0.01;

        @AttributeDefinition(
                description = "first step towards the clean image, as a share of the distance",
                min = "0")
        double sourceStep() default 0.01;

        @AttributeDefinition(
                description = "a sample is done when its step towards the clean image is shorter",
                min = "0")
        double convergence() default 1e-7;

        @AttributeDefinition(
                description = "factor by which lengths of steps grow and shrink",
                min = "1")
        double stepAdaptation() default 1.5;

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

        /** Every how many steps successes are counted. */
        private static final int COUNTED = 10;

        private static final int SPHERICAL_WINDOW = 100;
        private static final int BOTH_WINDOW = 30;

        NDArray refine(NDArray images, NDArray starts, Criterion criterion, SampleRandom random) {
            NDArray result = starts.duplicate();
            try (State active = new State(images, criterion, random, starts, parameters)) {
                for (int step = 1; step <= parameters.steps() && !active.isEmpty(); step++) {
                    context.checkCancelled();
                    step(active, step % COUNTED == 0);
                    if (step % COUNTED == 0) {
                        leave(active, result);
                    }
                }
                if (!active.isEmpty()) {
                    active.write(result, active.best.get());
                }
            }
            return result;
        }

        private void leave(State active, NDArray result) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray converged = active.sourceStep.get().lt(parameters.convergence());
                active.write(result, active.best.get(), converged);
                active.retain(converged.logicalNot());
            }
        }

        private void step(State active, boolean counted) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray best = active.best.get();
                NDArray around = around(active);
                NDArray towards = towards(active, around);
                NDArray reached = active.criterion().isAdversarial(classifier.predict(towards));
                NDArray distance = Norm.L2.of(best.sub(active.images()));
                NDArray nearer = Norm.L2.of(towards.sub(active.images())).lt(distance);
                NDArray better = Norm.broadcast(reached.logicalAnd(nearer), best);
                active.best.set(NDArrays.where(better.broadcast(best.getShape()), towards, best));
                if (counted) {
                    NDArray stays = active.criterion().isAdversarial(classifier.predict(around));
                    adapt(
                            active.sphericalRecord,
                            stays,
                            0.2,
                            0.5,
                            active.sphericalStep,
                            active.sourceStep);
                    adapt(active.bothRecord, reached, 0.1, 0.25, active.sourceStep);
                }
            }
        }

        /** Steps orthogonally to the way to the clean image, and back onto the sphere. */
        private NDArray around(State active) {
            NDArray images = active.images();
            NDArray offset = active.best.get().sub(images);
            NDArray distance = Norm.L2.of(offset);
            NDArray unit = offset.div(Norm.broadcast(distance, offset));
            NDArray drawn = active.random().normal(images.getManager(), images.getShape().slice(1));
            NDArray along = drawn.mul(unit).sum(new int[] {1, 2, 3}, true);
            NDArray orthogonal = drawn.sub(unit.mul(along));
            NDArray step = active.sphericalStep.get();
            NDArray length = step.mul(distance).div(Norm.L2.of(orthogonal));
            NDArray moved = offset.add(orthogonal.mul(Norm.broadcast(length, offset)));
            NDArray shrink = step.square().add(1).sqrt();
            return clip(images.add(moved.div(Norm.broadcast(shrink, offset))));
        }

        /** Steps towards the clean image, and corrects what clipping did to the distance. */
        private NDArray towards(State active, NDArray around) {
            NDArray way = active.images().sub(around);
            NDArray distance = Norm.L2.of(active.best.get().sub(active.images()));
            NDArray left = Norm.L2.of(way);
            NDArray length = active.sourceStep.get().mul(distance).add(left).sub(distance);
            NDArray share = length.maximum(0).div(left);
            return clip(around.add(way.mul(Norm.broadcast(share, way))));
        }

        private NDArray clip(NDArray images) {
            Bounds bounds = classifier.bounds();
            return images.clip(bounds.min(), bounds.max());
        }

        /** Records successes, and scales steps where their rate leaves a range. */
        private void adapt(
                PerSample record, NDArray success, double low, double high, PerSample... steps) {
            Successes successes = new Successes(record.get()).with(success);
            NDArray rate = successes.rate();
            NDArray full = successes.isFull();
            NDArray grow = full.logicalAnd(rate.gt(high));
            NDArray shrink = full.logicalAnd(rate.lt(low));
            for (PerSample step : steps) {
                NDArray length = step.get();
                NDArray grown =
                        NDArrays.where(grow, length.mul(parameters.stepAdaptation()), length);
                step.set(NDArrays.where(shrink, length.div(parameters.stepAdaptation()), grown));
            }
            record.set(successes.without(grow.logicalOr(shrink)).window());
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

    /** The samples that walk. */
    private static final class State extends ActiveSamples {

        final PerSample best;
        final PerSample sphericalStep;
        final PerSample sourceStep;

        /** The last successes of steps on the sphere, and of both steps. */
        final PerSample sphericalRecord;

        final PerSample bothRecord;

        State(
                NDArray images,
                Criterion criterion,
                SampleRandom random,
                NDArray starts,
                Parameters p) {
            super(images, criterion, random);
            NDManager manager = images.getManager();
            long samples = images.getShape().get(0);
            NDArray one = manager.ones(new Shape(samples));
            best = keep(starts);
            sphericalStep = keep(one.mul(p.sphericalStep()));
            sourceStep = keep(one.mul(p.sourceStep()));
            sphericalRecord =
                    keep(manager.full(new Shape(samples, Walk.SPHERICAL_WINDOW), Successes.NONE));
            bothRecord = keep(manager.full(new Shape(samples, Walk.BOTH_WINDOW), Successes.NONE));
        }
    }
}
