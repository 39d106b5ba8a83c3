// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Supplier;
import org.deepdefense.model.Classifier;

/** Shows ascents their way: where gradients are taken, and what is made of them. */
@FunctionalInterface
public interface Guide {

    /** The gradient of the loss of the criterion, nothing else. */
    Guide GRADIENT =
            (classifier, active, images) ->
                    () -> {
                        Sight sight = Sight.at(classifier, images.get(), active.criterion());
                        return new Way(
                                sight.gradient(),
                                Optional.of(
                                        () -> active.criterion().isAdversarial(sight.logits())));
                    };

    /** Shows one ascent its way. What it has to remember it keeps with the samples. */
    @FunctionalInterface
    interface Course {

        /** Looks for the way from where the images are now. */
        Way look();
    }

    /**
     * A way to go.
     *
     * @param direction an array (M, C, H, W), which may be overwritten
     * @param reached tells which images fulfil the criterion already (M), if the network was seen
     *     there; not every ascent asks
     */
    record Way(NDArray direction, Optional<Supplier<NDArray>> reached) {}

    /**
     * Begins an ascent.
     *
     * @param classifier the network under attack
     * @param active the samples
     * @param images where they are (M, C, H, W)
     */
    Course begin(Classifier classifier, ActiveSamples active, PerSample images);
}
