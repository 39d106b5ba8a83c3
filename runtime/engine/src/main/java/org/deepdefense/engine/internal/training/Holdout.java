// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;

/** Which images of a data set are trained on, and which are held out. */
final class Holdout {

    /** Keeps the choice apart from the orders of the epochs. */
    private static final long NOT_AN_EPOCH = -1;

    private final int[] trained;
    private final int[] held;

    private Holdout(int[] trained, int[] held) {
        this.trained = trained;
        this.held = held;
    }

    /**
     * Chooses at random.
     *
     * @param size how many images there are
     * @param count how many are held out
     * @param seed the seed of the training
     */
    static Holdout of(int size, int count, long seed) {
        if (count >= size) {
            throw new DeepDefenseException(
                    "Of " + size + " images, " + count + " cannot be held out",
                    "hold out fewer, so that some are left to train on");
        }
        if (count == 0) {
            return new Holdout(IntStream.range(0, size).toArray(), new int[0]);
        }
        int[] order = Order.of(size, Order.mix(seed, NOT_AN_EPOCH), 0);
        int[] held = Arrays.copyOf(order, count);
        int[] trained = Arrays.copyOfRange(order, count, size);
        Arrays.sort(held);
        Arrays.sort(trained);
        return new Holdout(trained, held);
    }

    /** Returns the places of the images that are trained on, in the order of the data set. */
    int[] trained() {
        return trained.clone();
    }

    /** Returns the places of the images that are held out, in the order of the data set. */
    int[] held() {
        return held.clone();
    }

    /** Returns the order in which an epoch goes through the images that are trained on. */
    int[] order(long seed, int epoch) {
        int[] order = Order.of(trained.length, seed, epoch);
        return Arrays.stream(order).map(i -> trained[i]).toArray();
    }
}
