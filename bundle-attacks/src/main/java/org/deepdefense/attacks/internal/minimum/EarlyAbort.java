// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.PerSample;

/**
 * Ends the descent of samples whose loss has not fallen in a tenth of the steps, as the code of
 * Carlini and Wagner does for whole batches.
 *
 * @param samples the samples that descend
 * @param checkedLoss the loss at the last check (M), infinite at first
 * @param interval the number of steps between two checks
 */
record EarlyAbort(ActiveSamples samples, PerSample checkedLoss, int interval) {

    /** To what fraction the loss must fall between two checks. */
    private static final double PROGRESS = 0.9999;

    /** How often the loss is checked in one descent. */
    private static final int CHECKS = 10;

    /** Watches a descent of some steps. */
    static EarlyAbort of(ActiveSamples samples, int steps) {
        Shape shape = new Shape(samples.count());
        NDManager manager = samples.images().getManager();
        try (NDArray infinity = manager.full(shape, Float.POSITIVE_INFINITY)) {
            PerSample checkedLoss = samples.keep(infinity);
            return new EarlyAbort(samples, checkedLoss, (steps + CHECKS - 1) / CHECKS);
        }
    }

    /** Lets the samples go that get nowhere, if it is time for a check. */
    void check(int step, NDArray loss) {
        if (step % interval == 0) {
            NDArray progress = loss.gt(checkedLoss.get().mul(PROGRESS)).logicalNot();
            checkedLoss.set(loss);
            samples.retain(progress);
        }
    }
}
