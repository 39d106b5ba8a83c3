// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.model.Classifier;

/**
 * Goes the way of a decaying sum of the directions of all steps so far, each divided by the mean of
 * its absolute values.
 *
 * @param decay what the sum is multiplied by in each step
 * @param source of the directions; its own memories come after the sum
 */
record Momentum(double decay, Guide source) implements Guide {

    /** Where the sum is in the state of the samples. */
    static final int SUM = MEMORY;

    /** Where a source has its own memory in the state of the samples. */
    static final int SOURCE_MEMORY = MEMORY + 1;

    private static final int[] PIXELS = {1};

    @Override
    public int memories() {
        return 1 + source.memories();
    }

    @Override
    public Way look(Classifier classifier, ActiveSamples active) {
        Way way = source.look(classifier, active);
        NDArray sum = active.state(SUM).mul(decay).addi(normalized(way.direction()));
        active.replace(SUM, sum);
        return new Way(sum.duplicate(), way.reached());
    }

    private static NDArray normalized(NDArray direction) {
        NDArray mean = direction.reshape(direction.getShape().get(0), -1).abs().mean(PIXELS);
        return direction.divi(Norm.broadcast(mean.maximum(Float.MIN_NORMAL), direction));
    }
}
