// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;

/**
 * Lets samples go whose nearest adversarial image has hardly come nearer for a while. Samples of
 * which nothing is found yet stay.
 */
public final class Patience {

    /** What attacks say of their parameter. */
    public static final String DESCRIPTION =
            "a sample leaves when so many steps brought its nearest adversarial image no nearer than"
                    + " by a thousandth; 0: all samples make all steps";

    private static final double HARDLY = 1e-3;

    private final int steps;
    private final Closest closest;
    private final NDArray checked;

    /**
     * Watches an attack.
     *
     * @param steps how many steps lie between two checks; 0 for no checks
     * @param closest what the attack has found
     * @param images images (N, C, H, W)
     */
    public Patience(int steps, Closest closest, NDArray images) {
        this.steps = steps;
        this.closest = closest;
        this.checked =
                images.getManager().full(images.getShape().slice(0, 1), Float.POSITIVE_INFINITY);
    }

    /**
     * Lets samples go, if it is time for a check.
     *
     * @param step the number of this step, from 0 on
     * @param samples the samples of the attack; none may be left
     */
    public void check(int step, ActiveSamples samples) {
        if (steps == 0 || (step + 1) % steps != 0) {
            return;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray now = closest.distances(samples.rows());
            NDArray before = checked.get(new NDIndex("{}", samples.rows()));
            samples.write(checked, now);
            samples.retain(now.lt(before.mul(1 - HARDLY)).logicalOr(now.isInfinite()));
        }
    }
}
