// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import java.util.function.Consumer;
import org.deepdefense.attack.SampleRandom;

/**
 * What surrounds the attack of one batch.
 *
 * @param random random numbers, a stream for each sample of the batch
 * @param checkCancelled throws {@link java.util.concurrent.CancellationException} when the work is
 *     no longer wanted
 * @param warnings takes oddities
 * @param starts knows images from which attacks may start
 */
public record RunControl(
        SampleRandom random,
        Runnable checkCancelled,
        Consumer<String> warnings,
        StartingPoints starts) {

    /**
     * Creates a control for attacks that need no images to start from, or find their own.
     *
     * @param random random numbers, a stream for each sample of the batch
     * @param checkCancelled throws when the work is no longer wanted
     * @param warnings takes oddities
     */
    public RunControl(SampleRandom random, Runnable checkCancelled, Consumer<String> warnings) {
        this(random, checkCancelled, warnings, StartingPoints.NONE);
    }

    /**
     * Restricts the random numbers to some samples.
     *
     * @param rows the positions of the samples in this batch
     * @return the control of the smaller batch
     */
    RunControl select(long... rows) {
        return new RunControl(random.select(rows), checkCancelled, warnings, starts);
    }
}
