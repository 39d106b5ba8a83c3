// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Supplier;
import org.deepdefense.model.Classifier;

/**
 * Shows an ascent its way: where gradients are taken, and what is made of them. It holds no state;
 * what it has to remember is a part of that of the samples.
 */
@FunctionalInterface
public interface Guide {

    /** Where the images of an ascent are in the state of its samples. */
    int IMAGES = 0;

    /** Where the first memory is in the state of the samples of an ascent. */
    int MEMORY = 1;

    /** The gradient of the cross-entropy, nothing else. */
    Guide GRADIENT =
            (classifier, active) -> {
                Sight sight = Sight.at(classifier, active.state(IMAGES), active.criterion());
                return new Way(
                        sight.gradient(),
                        Optional.of(() -> active.criterion().isAdversarial(sight.logits())));
            };

    /**
     * A way to go.
     *
     * @param direction an array (M, C, H, W), which may be overwritten
     * @param reached tells which images fulfil the criterion already (M), if the network was seen
     *     there; not every ascent asks
     */
    record Way(NDArray direction, Optional<Supplier<NDArray>> reached) {}

    /**
     * Looks for the way.
     *
     * @param classifier the network under attack
     * @param active the samples
     */
    Way look(Classifier classifier, ActiveSamples active);

    /** Returns how many arrays like the images are remembered; they start with zeros. */
    default int memories() {
        return 0;
    }
}
