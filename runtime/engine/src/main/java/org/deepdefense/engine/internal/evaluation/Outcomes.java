package org.deepdefense.engine.internal.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What came of the images, one by one. Batches fill it in any order; sums are made in the order of
 * the images, so that they do not depend on the order of the batches.
 */
final class Outcomes {

    private final Image[] images;
    private long forwards;
    private long backwards;
    private int finished;
    private double rhoSum;

    Outcomes(int size) {
        images = new Image[size];
    }

    /**
     * What came of one image.
     *
     * @param correct whether it is classified as its label before the attack
     * @param attacked whether it was attacked
     * @param success whether it fulfils the criterion afterwards
     * @param rho ‖Δ‖₂/‖x‖₂ in the space of the network's inputs, NaN or infinite if ‖x‖₂ = 0
     * @param rhoPixels the same in pixels
     * @param norm the size of the perturbation in the norm of the attack
     */
    record Image(
            boolean correct,
            boolean attacked,
            boolean success,
            double rho,
            double rhoPixels,
            double norm) {

        private boolean isFooled() {
            return attacked && success;
        }

        private boolean isRobust() {
            return correct && !success;
        }

        /** An image without any light has no size to relate the perturbation to. */
        private boolean hasRho() {
            return Double.isFinite(rho) && Double.isFinite(rhoPixels);
        }
    }

    /**
     * Adds a batch.
     *
     * @param first the position of its first image
     * @param batch its images
     * @param forwardCalls evaluations of the network that the attack made
     * @param backwardCalls vector-Jacobian products that the attack made
     */
    synchronized void put(int first, List<Image> batch, long forwardCalls, long backwardCalls) {
        for (int i = 0; i < batch.size(); i++) {
            images[first + i] = batch.get(i);
        }
        forwards += forwardCalls;
        backwards += backwardCalls;
        finished += batch.size();
        rhoSum += batch.stream().filter(Image::hasRho).mapToDouble(Image::rho).sum();
    }

    private synchronized Stream<Image> stream() {
        // The batches that are not finished yet have left holes.
        return Arrays.stream(images.clone()).filter(image -> image != null);
    }

    private int count(Predicate<Image> kind) {
        return Math.toIntExact(stream().filter(kind).count());
    }

    private static double rate(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    int size() {
        return images.length;
    }

    synchronized int finished() {
        return finished;
    }

    double accuracy() {
        return rate(count(Image::correct), finished());
    }

    double robustAccuracy() {
        return rate(count(Image::isRobust), finished());
    }

    int attacked() {
        return count(Image::attacked);
    }

    double successRate() {
        return rate(count(Image::isFooled), attacked());
    }

    double rho2() {
        return mean(Image::hasRho, Image::rho);
    }

    double rho2Pixels() {
        return mean(Image::hasRho, Image::rhoPixels);
    }

    int excluded() {
        return count(image -> !image.hasRho());
    }

    double meanNorm() {
        return mean(Image::isFooled, Image::norm);
    }

    private double mean(Predicate<Image> kind, ToDoubleFunction<Image> value) {
        return stream().filter(kind).mapToDouble(value).average().orElse(0);
    }

    double medianNorm() {
        double[] sorted =
                stream()
                        .filter(Image::attacked)
                        .mapToDouble(i -> i.success() ? i.norm() : Double.POSITIVE_INFINITY)
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return 0;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double forwardsPerSample() {
        return attacked() == 0 ? 0 : (double) forwards / attacked();
    }

    double backwardsPerSample() {
        return attacked() == 0 ? 0 : (double) backwards / attacked();
    }

    /** Returns the mean of ρ₂ over the images that are finished, to be shown on the way. */
    synchronized double rhoSoFar() {
        return rhoSum / Math.max(1, finished);
    }
}
