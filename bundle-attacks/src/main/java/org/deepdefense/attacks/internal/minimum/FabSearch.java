// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Boundaries;
import org.deepdefense.attacks.internal.support.Closest;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * The Fast Adaptive Boundary attack on a batch (Croce and Hein, ICML 2020, algorithm 1, without its
 * final search, as in the authors' code). Each step projects the iterate and the image onto the
 * nearest linearised boundary inside the bounds, goes a little beyond and between the two, and
 * after a success part of the way back to the image. With a target there is no bias towards the
 * image until the target is reached for the first time.
 */
public final class FabSearch {

    /** Candidates by sample, as the state of active samples needs them, and back. */
    private static final int[] BY_SAMPLE = {1, 0, 2};

    /** Distances to the boundary below this, relative to the range of pixels, count as equal. */
    private static final double TINY = 1e-8;

    private final Norm norm;
    private final Settings settings;
    private final Classifier classifier;
    private final AttackContext<?> context;
    private final Hyperplanes hyperplanes;

    /**
     * How to search.
     *
     * @param steps the number of steps of each run
     * @param targets the number of target classes, or 0 for the nearest of all in each step
     * @param restarts the number of runs, for each target class
     * @param startRadius the radius of the ball of random starts, in the norm of the attack
     * @param alphaMax the largest weight of the original image
     * @param eta the length of a step as a multiple of the distance to the boundary
     * @param beta what a perturbation is multiplied by after a success
     * @param enough a sample is done once its distance is at most this; 0 to look for the smallest
     */
    public record Settings(
            int steps,
            int targets,
            int restarts,
            double startRadius,
            double alphaMax,
            double eta,
            double beta,
            double enough) {

        /** Returns what a user asked for. */
        static Settings of(FabParameters parameters, Norm norm, Bounds bounds) {
            double radius =
                    parameters.startRadius() > 0 ? parameters.startRadius() : usualRadius(norm);
            return new Settings(
                    parameters.steps(),
                    parameters.targets(),
                    parameters.restarts(),
                    radius * bounds.range(),
                    parameters.alphaMax(),
                    parameters.eta(),
                    parameters.beta(),
                    0);
        }

        private static double usualRadius(Norm norm) {
            return switch (norm) {
                case LINF -> 0.3;
                case L2 -> 1;
                default -> 5;
            };
        }

        /**
         * Returns the member of AutoAttack: FAB-T, random starts inside the budget, and no further
         * search for a sample that was fooled within it.
         */
        public static Settings within(double epsilon, int steps, int targets, int restarts) {
            return new Settings(steps, targets, restarts, epsilon, 0.1, 1.05, 0.9, epsilon);
        }
    }

    public FabSearch(
            Norm norm, Settings settings, Classifier classifier, AttackContext<?> context) {
        this.norm = norm;
        this.settings = settings;
        this.classifier = classifier;
        this.context = context;
        this.hyperplanes = new Hyperplanes(norm, classifier.bounds());
    }

    /**
     * Attacks a batch.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @param random the random numbers of the batch
     * @return the nearest adversarial images found, which may lie outside a budget; where none was
     *     found, the images
     */
    public NDArray attack(NDArray images, Criterion criterion, SampleRandom random) {
        Closest closest = new Closest(images);
        try (State active = start(images, criterion, random)) {
            int targets =
                    settings.targets() == 0
                            ? 1
                            : Math.toIntExact(active.classes.get().getShape().get(1));
            for (int target = 0; target < targets && !active.isEmpty(); target++) {
                for (int run = 0; run < settings.restarts() && !active.isEmpty(); run++) {
                    run(active, closest, target, run > 0);
                }
                if (target == 0 && targets > 1 && !active.isEmpty()) {
                    // A targeted sample has one target; it has had its runs.
                    active.retain(active.criterion().targeted().logicalNot());
                }
            }
        }
        return closest.images();
    }

    private State start(NDArray images, Criterion criterion, SampleRandom random) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            boolean targeted = criterion.targeted().all().getBoolean();
            int others = settings.targets() == 0 ? classifier.classes() - 1 : settings.targets();
            NDArray classes =
                    Boundaries.candidates(
                                    classifier.predict(images),
                                    criterion,
                                    targeted ? 2 : others + 1)
                            .transpose(BY_SAMPLE);
            return new State(images, criterion, random, classes);
        }
    }

    private void run(State active, Closest closest, int target, boolean randomStart) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            active.current.set(
                    randomStart ? randomPoints(active, closest) : active.images().duplicate());
        }
        for (int step = 0; step < settings.steps() && !active.isEmpty(); step++) {
            context.checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                step(active, closest, target);
                active.retain(closest.distances(active.rows()).gt(settings.enough()));
            }
        }
    }

    private NDArray randomPoints(State active, Closest closest) {
        NDArray images = active.images();
        NDArray direction =
                norm == Norm.LINF
                        ? active.random()
                                .uniform(images.getManager(), classifier.inputShape(), -1, 1)
                        : active.random().normal(images.getManager(), classifier.inputShape());
        NDArray length = closest.distances(active.rows()).minimum(settings.startRadius()).mul(0.5f);
        NDArray scale = length.div(norm.of(direction));
        return clip(direction.mul(Norm.broadcast(scale, direction)).add(images));
    }

    private void step(State active, Closest closest, int target) {
        Criterion criterion = active.criterion();
        NDArray images = active.images();
        NDArray x = active.current.get().duplicate();
        x.setRequiresGradient(true);
        NDArray logits = classifier.logits(x);
        NDArray classes = active.classes.get().transpose(BY_SAMPLE);
        NDArray candidates =
                settings.targets() == 0
                        ? classes
                        : classes.get(new NDIndex("{}:{}", target, target + 1));
        Boundaries boundaries =
                Boundaries.nearest(
                        classifier, x, logits, criterion, candidates, norm, active.growth.get());
        active.growth.set(boundaries.next(active.growth.get()));
        if (!boundaries.allReachable()) {
            context.warn(Boundaries.STUCK);
        }
        NDArray most = mostBias(criterion, closest.distances(active.rows()));
        NDArray moved = between(x.stopGradient(), images, boundaries, most);
        NDArray fooled = criterion.isAdversarial(classifier.predict(moved));
        closest.offer(active.rows(), moved, norm.of(moved.sub(images)), fooled);
        NDArray back = images.add(moved.sub(images).mul(settings.beta()));
        active.current.set(Images.choose(fooled, back, moved));
    }

    /**
     * Returns the largest bias towards the image (N). There is none for a targeted sample that is
     * not there yet: on its way it crosses the boundaries of other classes, and where the image
     * lies behind one of these, the bias would pull it back again and again.
     */
    private NDArray mostBias(Criterion criterion, NDArray distances) {
        NDArray most = distances.onesLike().muli(settings.alphaMax());
        return NDArrays.where(
                criterion.targeted().logicalAnd(distances.isInfinite()), most.zerosLike(), most);
    }

    /** Goes beyond the boundary from the iterate and from the image, and between the two points. */
    private NDArray between(NDArray x, NDArray images, Boundaries boundaries, NDArray mostBias) {
        NDArray slope = boundaries.gradient();
        NDArray excess = boundaries.excess();
        NDArray offset =
                images.sub(x).mul(slope).reshape(images.getShape().get(0), -1).sum(new int[] {1});
        NDArray fromIterate = hyperplanes.steps(x, slope, excess);
        NDArray fromImage = hyperplanes.steps(images, slope, excess.add(offset));
        double tiny = TINY * classifier.bounds().range();
        NDArray near = norm.of(fromIterate).maximum(tiny);
        NDArray far = norm.of(fromImage).maximum(tiny);
        NDArray alpha = Norm.broadcast(near.div(near.add(far)).minimum(mostBias), images);
        NDArray ahead = fromIterate.mul(settings.eta()).add(x);
        NDArray biased = fromImage.mul(settings.eta()).add(images);
        return clip(biased.sub(ahead).mul(alpha).add(ahead));
    }

    private NDArray clip(NDArray images) {
        return images.clip(classifier.bounds().min(), classifier.bounds().max());
    }

    /** The samples that are searched. */
    private static final class State extends ActiveSamples {

        final PerSample current;

        /** The candidates of each. */
        final PerSample classes;

        /** By how much steps from a boundary are longer than the shortest that could show. */
        final PerSample growth;

        State(NDArray images, Criterion criterion, SampleRandom random, NDArray candidates) {
            super(images, criterion, random);
            current = keep(images);
            classes = keep(candidates);
            growth = keep(images.getManager().ones(images.getShape().slice(0, 1)));
        }
    }
}
