// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.SplittableRandom;

/**
 * The order in which an epoch goes through the images. It follows from the seed and the number of
 * the epoch alone, so that a training can go on anywhere.
 */
final class Order {

    private Order() {}

    /**
     * Returns the order of an epoch.
     *
     * @param size how many images there are
     * @param seed the seed of the training
     * @param epoch the number of the epoch
     * @return every image once
     */
    static int[] of(int size, long seed, int epoch) {
        SplittableRandom random = new SplittableRandom(mix(seed, epoch));
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * Makes one seed of two numbers; neighbouring numbers make unrelated seeds.
     *
     * @param seed a seed
     * @param number what distinguishes the result from others of the same seed
     * @return another seed
     */
    static long mix(long seed, long number) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + number).nextLong();
    }
}
