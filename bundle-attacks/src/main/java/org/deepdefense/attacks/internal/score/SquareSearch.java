// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Classifier;

/**
 * The random search of the Square Attack (algorithm 1 of the paper): in each step one image near
 * the best one of each sample is tried, and kept if its margin is smaller. It differs in a square
 * whose side shrinks with time. Each sample draws squares of its own, and leaves when it is
 * adversarial.
 */
public final class SquareSearch {

    /** Steps of a search of 10,000 after which the area of the squares is halved. */
    private static final int[] HALVINGS = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

    private static final double FULL_LENGTH = 10_000;

    /** The images that are tried, which depend on the norm. */
    public interface Proposals {

        /** Returns first images for clean images (M, C, H, W). */
        NDArray start(NDArray images, SampleRandom random);

        /** Returns images near the best ones so far, which differ from them in a square. */
        NDArray next(NDArray images, NDArray best, double area, SampleRandom random);
    }

    /**
     * What a search is told besides its proposals.
     *
     * @param steps how many images to try after the first
     * @param area the share of the pixels in the first squares
     * @param rescaleSchedule whether the shrinking of the squares is stretched over all steps
     */
    public record Schedule(int steps, double area, boolean rescaleSchedule) {

        /** Returns the share of the pixels in the squares of a step (section 3.2 of the paper). */
        public double area(int step) {
            int time = rescaleSchedule ? (int) (step / (double) steps * FULL_LENGTH) : step;
            double result = area;
            for (int halving : HALVINGS) {
                result /= time > halving ? 2 : 1;
            }
            return result;
        }
    }

    private final Classifier classifier;
    private final AttackContext<?> context;
    private final Proposals proposals;
    private final Schedule schedule;

    public SquareSearch(
            Classifier classifier,
            AttackContext<?> context,
            Proposals proposals,
            Schedule schedule) {
        this.classifier = classifier;
        this.context = context;
        this.proposals = proposals;
        this.schedule = schedule;
    }

    /** Returns for each sample its first adversarial image or the one with the smallest margin. */
    public NDArray run(NDArray images, Criterion criterion, SampleRandom random) {
        NDArray result = proposals.start(images, random);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray logits = classifier.predict(result);
            NDArray margin = Margins.of(logits, criterion);
            try (State active = new State(images, criterion, random, result, margin)) {
                active.retain(criterion.isAdversarial(logits).logicalNot());
                for (int step = 0; step < schedule.steps() && !active.isEmpty(); step++) {
                    context.checkCancelled();
                    step(active, result, schedule.area(step));
                }
                if (!active.isEmpty()) {
                    active.write(result, active.best.get());
                }
            }
        }
        return result;
    }

    private void step(State active, NDArray result, double area) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray best = active.best.get();
            NDArray tried = proposals.next(active.images(), best, area, active.random());
            NDArray logits = classifier.predict(tried);
            NDArray margin = Margins.of(logits, active.criterion());
            NDArray better = margin.lt(active.margin.get());
            NDArray reached = active.criterion().isAdversarial(logits);
            active.write(result, tried, reached);
            active.best.set(Images.choose(better, tried, best));
            active.margin.set(NDArrays.minimum(margin, active.margin.get()));
            active.retain(reached.logicalNot());
        }
    }

    /** The samples that are not fooled yet. */
    private static final class State extends ActiveSamples {

        final PerSample best;
        final PerSample margin;

        State(
                NDArray images,
                Criterion criterion,
                SampleRandom random,
                NDArray first,
                NDArray firstMargin) {
            super(images, criterion, random);
            best = keep(first);
            margin = keep(firstMargin);
        }
    }
}
