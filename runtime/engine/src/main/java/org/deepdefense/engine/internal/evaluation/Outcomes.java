// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What came of the images under one attack. Batches fill it in any order; sums are made in the
 * order of the images, so that they do not depend on the order of the batches.
 */
final class Outcomes {

    private final SampleRecord[] images;
    private double seconds;
    private int finished;
    private int cached;
    private int correct;
    private int attacked;
    private int fooled;
    private int notFinite;
    private double rhoSum;

    Outcomes(int size) {
        images = new SampleRecord[size];
    }

    /**
     * Adds a batch.
     *
     * @param batch its images
     * @param time how long they took, in seconds
     * @param fromCache whether they come from the cache
     */
    synchronized void put(List<SampleRecord> batch, double time, boolean fromCache) {
        for (SampleRecord image : batch) {
            images[image.index()] = image;
            correct += image.isCorrect() ? 1 : 0;
            attacked += image.attacked() ? 1 : 0;
            fooled += image.attacked() && image.success() ? 1 : 0;
            notFinite += image.finiteGradients() ? 0 : 1;
            rhoSum += Summary.isMeasured(image) ? image.rho2() : 0;
        }
        seconds += time;
        finished += batch.size();
        cached += fromCache ? batch.size() : 0;
    }

    /** Returns which of some images no batch has brought yet. */
    synchronized int[] missing(int... wanted) {
        return Arrays.stream(wanted).filter(i -> images[i] == null).toArray();
    }

    /** Adds the images that the attack was not run on. */
    synchronized void complete(IntFunction<SampleRecord> spared) {
        Arrays.setAll(images, i -> images[i] == null ? spared.apply(i) : images[i]);
    }

    /** Returns all images, once all are there. */
    synchronized List<SampleRecord> images() {
        return Arrays.stream(images).map(Objects::requireNonNull).toList();
    }

    synchronized int finished() {
        return finished;
    }

    synchronized int cached() {
        return cached;
    }

    synchronized double seconds() {
        return seconds;
    }

    /** Returns how many images have gradients that are not finite. */
    synchronized int notFinite() {
        return notFinite;
    }

    /** Returns accuracy among the images that are finished. */
    synchronized double accuracy() {
        return Summary.rate(correct, finished);
    }

    /** Returns the success rate so far. */
    synchronized double successRate() {
        return Summary.rate(fooled, attacked);
    }

    /** Returns the mean of ρ₂ over the images that are finished. */
    synchronized double rhoSoFar() {
        return rhoSum / Math.max(1, finished);
    }
}
