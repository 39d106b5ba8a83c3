// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.types.Shape;

/** How many images are attacked together when the user leaves it to the engine. */
final class BatchSize {

    /** Enough to hide the cost of calls, few enough for the activations to stay in the cache. */
    private static final int IMAGES = 200;

    /**
     * The attack of a batch holds the activations of all its images, which grow with the images.
     */
    private static final int NUMBERS = 1_600_000;

    /** How many batches a thread should have. */
    private static final int BATCHES = 4;

    /** Batches smaller than this take notably longer for an image. */
    private static final int FEW = 25;

    private BatchSize() {}

    /**
     * Returns the largest size for images of a shape.
     *
     * @param image the shape (C, H, W)
     * @return at least 1
     */
    static int most(Shape image) {
        return (int) Math.max(1, Math.min(IMAGES, NUMBERS / image.size()));
    }

    /**
     * Returns the size for a number of images: the largest with which no thread is idle, and with
     * which something is finished, shown and kept before all is, unless batches would be tiny.
     *
     * @param image the shape (C, H, W)
     * @param images how many images there are
     * @param threads how many batches are attacked at once
     * @return at least 1
     */
    static int of(Shape image, int images, int threads) {
        int often = share(images, threads * BATCHES);
        int once = share(images, threads);
        return Math.max(1, Math.min(most(image), Math.max(often, Math.min(FEW, once))));
    }

    private static int share(int images, int batches) {
        return (images + batches - 1) / batches;
    }
}
