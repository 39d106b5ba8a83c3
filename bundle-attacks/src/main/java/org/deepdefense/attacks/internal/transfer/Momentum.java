// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.model.Classifier;

/**
 * Goes the way of a decaying sum of the directions of all steps so far, each divided by the mean of
 * its absolute values.
 *
 * @param decay what the sum is multiplied by in each step
 * @param source of the directions
 */
record Momentum(double decay, Source source) implements Guide {

    private static final int[] PIXELS = {1};

    /** Where directions come from, in the knowledge of the sum so far. */
    @FunctionalInterface
    interface Source {

        /** Begins an ascent, as {@link Guide#begin} does. */
        Course begin(Classifier classifier, ActiveSamples active, PerSample images, PerSample sum);
    }

    /** Takes directions from a guide that does not care for the sum. */
    static Momentum of(double decay, Guide guide) {
        return new Momentum(
                decay,
                (classifier, active, images, sum) -> guide.begin(classifier, active, images));
    }

    @Override
    public Course begin(Classifier classifier, ActiveSamples active, PerSample images) {
        PerSample sum = zeros(active);
        Course course = source.begin(classifier, active, images, sum);
        return () -> {
            Way way = course.look();
            sum.set(sum.get().mul(decay).addi(normalized(way.direction())));
            return new Way(sum.get().duplicate(), way.reached());
        };
    }

    /** Returns a memory of the size of the images. */
    static PerSample zeros(ActiveSamples active) {
        try (NDArray zeros = active.images().zerosLike()) {
            return active.keep(zeros);
        }
    }

    private static NDArray normalized(NDArray direction) {
        NDArray mean = direction.reshape(direction.getShape().get(0), -1).abs().mean(PIXELS);
        return direction.divi(Norm.broadcast(mean.maximum(Float.MIN_NORMAL), direction));
    }
}
