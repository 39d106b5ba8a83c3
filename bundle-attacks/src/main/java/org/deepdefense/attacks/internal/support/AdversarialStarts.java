// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * Gives attacks that follow the boundary what they need to start: images that are adversarial
 * already. It draws uniform noise until one is, and blends the clean image with it as little as
 * possible. Where an image of a certain class is needed, which noise is rarely taken for, an image
 * of the data set comes first, as in the papers.
 *
 * @param classifier shows decisions
 * @param context of the attack
 * @param draws how much noise to draw for a sample at most
 */
public record AdversarialStarts(Classifier classifier, AttackContext<?> context, int draws) {

    private static final int BLENDS = 50;

    /** Makes adversarial images better. */
    @FunctionalInterface
    public interface Refinement {

        /**
         * Brings adversarial images nearer to clean ones.
         *
         * @param images clean images (M, C, H, W)
         * @param starts adversarial images (M, C, H, W)
         * @param criterion what they fulfil
         * @param random the streams of these samples
         * @return adversarial images (M, C, H, W)
         */
        NDArray refine(NDArray images, NDArray starts, Criterion criterion, SampleRandom random);
    }

    /** Knows a start that is better than noise, for some samples. */
    @FunctionalInterface
    public interface Guess {

        /**
         * Finds adversarial images.
         *
         * @param images clean images (N, C, H, W)
         * @param criterion what to reach
         * @param starts where to write adversarial images (N, C, H, W)
         * @return which samples have one now (N), boolean
         */
        NDArray find(NDArray images, Criterion criterion, NDArray starts);
    }

    /** Returns refined images, and clean images for those samples that have no start. */
    public NDArray refine(NDArray images, Criterion criterion, Refinement refinement) {
        return refine(
                images,
                criterion,
                (clean, goal, starts) -> Masks.none(goal.targeted()),
                refinement);
    }

    /** Does the same, but draws noise only for samples of which there is no guess. */
    public NDArray refine(NDArray images, Criterion criterion, Guess guess, Refinement refinement) {
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray starts = images.duplicate();
            NDArray guessed = guess.find(images, criterion, starts);
            NDArray found = guessed.duplicate();
            NDArray targeted = criterion.targeted();
            take(images, criterion, targeted.logicalAnd(found.logicalNot()), starts, found);
            draw(images, criterion, starts, found);
            take(images, criterion, targeted.logicalOr(found).logicalNot(), starts, found);
            blend(images, criterion, found.logicalAnd(guessed.logicalNot()), starts);
            NDArray rows = found.nonzero().flatten();
            if (rows.size() < images.getShape().get(0)) {
                context.warn(
                        "no start was found for some images: none of "
                                + draws
                                + " images of noise, and no other image at hand, has a class that"
                                + " counts as success; these images stay as they are");
            }
            if (!rows.isEmpty()) {
                NDIndex index = new NDIndex("{}", rows);
                NDArray refined =
                        refinement.refine(
                                images.get(index),
                                starts.get(index),
                                criterion.select(rows),
                                context.random().select(rows.toLongArray()));
                result.set(index, refined);
            }
        }
        return result;
    }

    /** Takes images of the data set for some samples, where there are such. */
    private void take(
            NDArray images, Criterion criterion, NDArray wanted, NDArray starts, NDArray found) {
        NDArray rows = wanted.nonzero().flatten();
        if (!rows.isEmpty()) {
            NDIndex index = new NDIndex("{}", rows);
            Criterion goal = criterion.select(rows);
            NDArray known = context.startingPoints(images.get(index), goal);
            starts.set(index, known);
            found.set(index, goal.isAdversarial(classifier.predict(known)));
        }
    }

    /** Draws adversarial noise for the samples that have no start yet. */
    private void draw(NDArray images, Criterion criterion, NDArray starts, NDArray found) {
        Bounds bounds = classifier.bounds();
        try (ActiveSamples active = new ActiveSamples(images, criterion, context.random())) {
            active.retain(found.logicalNot());
            for (int i = 0; i < draws && !active.isEmpty(); i++) {
                context.checkCancelled();
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray drawn =
                            active.random()
                                    .uniform(
                                            images.getManager(),
                                            images.getShape().slice(1),
                                            bounds.min(),
                                            bounds.max());
                    NDArray reached = active.criterion().isAdversarial(classifier.predict(drawn));
                    active.write(starts, drawn, reached);
                    active.write(found, reached);
                    active.retain(reached.logicalNot());
                }
            }
        }
    }

    /** Puts between some starts and their images the nearest blends that are adversarial. */
    private void blend(NDArray images, Criterion criterion, NDArray some, NDArray starts) {
        NDArray rows = some.nonzero().flatten();
        if (!rows.isEmpty()) {
            NDIndex index = new NDIndex("{}", rows);
            NDArray blended =
                    new PathSearch(classifier, context, BLENDS, 0)
                            .run(
                                    images.get(index),
                                    starts.get(index),
                                    criterion.select(rows),
                                    PathSearch::line);
            starts.set(index, blended);
        }
    }
}
