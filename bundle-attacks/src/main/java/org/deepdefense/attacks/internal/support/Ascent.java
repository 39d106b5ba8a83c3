// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
     * Climbs along the gradient, again from other points where that did not succeed.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param runs how often at most
     * @param randomStart whether to start at a random point of the ball instead of the image
     * @return for each sample the result of its last run
     */
    public NDArray climbRepeatedly(
            NDArray images, Criterion criterion, int runs, boolean randomStart) {
        return Attempts.untilSuccess(
                runs,
                classifier,
                images,
                criterion,
                context,
                (x, goal, random) ->
                        climb(
                                x,
                                randomStart ? ball(x).draw(random) : x,
                                goal,
                                random,
                                Guide.GRADIENT));
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
                ActiveSamples active = begin(images, start, criterion, random, guide)) {
            for (int step = 0; step < plan.steps() && !active.isEmpty(); step++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    step(active, result, guide, length, step == 0);
                }
            }
            writeLast(active, result);
        }
        return result;
    }

    private ActiveSamples begin(
            NDArray images, NDArray start, Criterion criterion, SampleRandom random, Guide guide) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> state = new ArrayList<>();
            state.add(start);
            state.addAll(Collections.nCopies(guide.memories(), images.zerosLike()));
            if (plan.norm() == Norm.LINF) {
                Ball.Limits limits = Ball.Limits.around(images, classifier.bounds(), plan.radius());
                state.add(limits.low());
                state.add(limits.high());
            }
            return new ActiveSamples(images, criterion, random, state.toArray(new NDArray[0]));
        }
    }

    private void step(
            ActiveSamples active, NDArray result, Guide guide, NDArray length, boolean first) {
        Guide.Way way = guide.look(classifier, active);
        if (first && isZero(way.direction())) {
            context.warn(ZERO_GRADIENTS);
        }
        NDArray direction = way.direction();
        if (plan.earlyStop() && way.reached().isPresent()) {
            direction = leave(active, result, direction, way.reached().get().get());
        }
        if (!active.isEmpty()) {
            NDArray from = active.state(Guide.IMAGES);
            active.replace(Guide.IMAGES, ball(active, guide).step(from, direction, length));
        }
    }

    private Ball ball(ActiveSamples active, Guide guide) {
        if (plan.norm() != Norm.LINF) {
            return ball(active.images());
        }
        int low = Guide.MEMORY + guide.memories();
        Ball.Limits limits = new Ball.Limits(active.state(low), active.state(low + 1));
        return Ball.between(active.images(), limits, classifier.bounds(), plan.radius());
    }

    /** Lets the samples go that are done, and returns the directions of the others. */
    private static NDArray leave(
            ActiveSamples active, NDArray result, NDArray direction, NDArray reached) {
        if (!Masks.any(reached)) {
            return direction;
        }
        active.write(result, active.state(Guide.IMAGES), reached);
        NDArray kept = reached.logicalNot();
        NDArray rows = kept.nonzero().flatten();
        active.retain(kept);
        return active.isEmpty() ? direction : direction.get(new NDIndex("{}", rows));
    }

    private static void writeLast(ActiveSamples active, NDArray result) {
        if (!active.isEmpty()) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                active.write(result, active.state(Guide.IMAGES));
            }
        }
    }

    /** Tells whether there is nothing to ascend. */
    public static boolean isZero(NDArray gradient) {
        return gradient.max().getFloat() == 0 && gradient.min().getFloat() == 0;
    }
}
