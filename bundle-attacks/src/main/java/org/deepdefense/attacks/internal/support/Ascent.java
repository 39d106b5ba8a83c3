// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.Supplier;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Classifier;

/** Ascent on the loss of a criterion in steps of one length, inside a ball. */
public final class Ascent {

    /** What to warn of where there is nothing to ascend. */
    public static final String ZERO_GRADIENTS =
            "the gradients of a whole batch are zero: the network masks them, so that an attack"
                    + " without gradients may do better";

    private final Classifier classifier;
    private final AttackContext<?> context;
    private final Plan plan;

    /**
     * How to climb.
     *
     * @param norm the norm of the ball and of the steps
     * @param radius the radius of the ball
     * @param steps how many steps
     * @param length their length
     * @param earlyStop whether an image stays where it is seen to fulfil the criterion
     */
    public record Plan(Norm norm, double radius, int steps, double length, boolean earlyStop) {

        /** Returns a plan of one step that uses the whole budget. */
        public static Plan oneStep(Norm norm, double radius) {
            return new Plan(norm, radius, 1, radius, false);
        }
    }

    public Ascent(Classifier classifier, AttackContext<?> context, Plan plan) {
        this.classifier = classifier;
        this.context = context;
        this.plan = plan;
    }

    /** Returns the ball around images. */
    public Ball ball(NDArray images) {
        return Ball.of(plan.norm(), images, classifier.bounds(), plan.radius());
    }

    /** Climbs from the images themselves with the random numbers of the context. */
    public NDArray climb(NDArray images, Criterion criterion, Guide guide) {
        return climb(images, images, criterion, context.random(), guide);
    }

    /**
     * Climbs.
     *
     * @param images images (N, C, H, W), the centers of the balls
     * @param start where to start, inside the ball
     * @param criterion what to reach
     * @param random the random numbers of the samples
     * @param guide shows the way
     * @return for each sample the first image seen to fulfil the criterion, or else the last
     */
    public NDArray climb(
            NDArray images, NDArray start, Criterion criterion, SampleRandom random, Guide guide) {
        NDArray result = start.duplicate();
        try (NDArray length = images.getManager().create(new float[] {(float) plan.length()});
                ActiveSamples active = new ActiveSamples(images, criterion, random)) {
            PerSample current = active.keep(start);
            Guide.Course course = guide.begin(classifier, active, current);
            Supplier<Ball> ball = balls(active);
            for (int step = 0; step < plan.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    Guide.Way way = course.look();
                    if (step == 0 && isZero(way.direction())) {
                        context.warn(ZERO_GRADIENTS);
                    }
                    NDArray direction = leave(active, current, result, way);
                    if (!active.isEmpty()) {
                        current.set(ball.get().step(current.get(), direction, length));
                    }
                }
            }
            writeLast(active, current, result);
        }
        return result;
    }

    /** Returns the balls around the samples that are active; in L∞ their limits are kept. */
    private Supplier<Ball> balls(ActiveSamples active) {
        if (plan.norm() != Norm.LINF) {
            return () -> ball(active.images());
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Ball.Limits limits =
                    Ball.Limits.around(active.images(), classifier.bounds(), plan.radius());
            PerSample low = active.keep(limits.low());
            PerSample high = active.keep(limits.high());
            return () ->
                    Ball.between(
                            active.images(),
                            new Ball.Limits(low.get(), high.get()),
                            classifier.bounds(),
                            plan.radius());
        }
    }

    /** Lets the samples go that are done, and returns the directions of the others. */
    private NDArray leave(ActiveSamples active, PerSample current, NDArray result, Guide.Way way) {
        if (!plan.earlyStop() || way.reached().isEmpty()) {
            return way.direction();
        }
        NDArray reached = way.reached().get().get();
        if (!Masks.any(reached)) {
            return way.direction();
        }
        active.write(result, current.get(), reached);
        NDArray kept = reached.logicalNot();
        NDArray rows = kept.nonzero().flatten();
        active.retain(kept);
        return active.isEmpty() ? way.direction() : way.direction().get(new NDIndex("{}", rows));
    }

    private static void writeLast(ActiveSamples active, PerSample current, NDArray result) {
        if (!active.isEmpty()) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                active.write(result, current.get());
            }
        }
    }

    /** Tells whether there is nothing to ascend. */
    public static boolean isZero(NDArray gradient) {
        return gradient.max().getFloat() == 0 && gradient.min().getFloat() == 0;
    }
}
