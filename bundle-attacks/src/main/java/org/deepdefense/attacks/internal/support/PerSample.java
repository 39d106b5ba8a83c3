// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * An array with a row for each active sample, a part of the state of an attack. Rows leave with
 * their samples.
 */
public final class PerSample {

    private final ActiveSamples samples;
    private NDArray array;

    PerSample(ActiveSamples samples, NDArray array) {
        this.samples = samples;
        this.array = array;
    }

    /** Returns the array (M, …) for the samples that are active now. */
    public NDArray get() {
        return array;
    }

    /** Puts an array (M, …), which it takes over, in the place of the last one. */
    public void set(NDArray next) {
        NDArray owned = samples.own(next.stopGradient());
        if (owned != array) {
            array.close();
            array = owned;
        }
    }

    void select(NDIndex index) {
        NDArray selected = samples.own(array.get(index));
        array.close();
        array = selected;
    }
}
