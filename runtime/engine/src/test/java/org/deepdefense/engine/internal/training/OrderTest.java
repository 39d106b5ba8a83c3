// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {

    @Test
    void anEpochHasEveryImageOnce() {
        int[] order = Order.of(1000, 5, 3);
        assertFalse(Arrays.equals(order, IntStream.range(0, 1000).toArray()));
        assertArrayEquals(
                IntStream.range(0, 1000).toArray(), Arrays.stream(order).sorted().toArray());
    }

    @Test
    void theOrderFollowsFromSeedAndEpoch() {
        assertArrayEquals(Order.of(100, 5, 3), Order.of(100, 5, 3));
        assertFalse(Arrays.equals(Order.of(100, 5, 3), Order.of(100, 5, 4)));
        assertFalse(Arrays.equals(Order.of(100, 5, 3), Order.of(100, 6, 3)));
    }
}
