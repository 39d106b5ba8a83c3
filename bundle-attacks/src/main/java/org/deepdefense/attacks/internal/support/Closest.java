// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/** The nearest adversarial images that an attack has come across, one for each of N samples. */
public final class Closest {

    private final NDArray images;
    private final NDArray distances;

    /**
     * Starts with nothing found.
     *
     * @param clean images (N, C, H, W), the result of samples for which nothing is found
     */
    public Closest(NDArray clean) {
        images = clean.duplicate();
        distances =
                clean.getManager()
                        .full(new Shape(clean.getShape().get(0)), Float.POSITIVE_INFINITY);
    }

    /** Returns the nearest adversarial images (N, C, H, W). */
    public NDArray images() {
        return images;
    }

    /**
     * Returns how far away the nearest adversarial images are.
     *
     * @param rows the positions of samples (M), int64
     * @return distances (M), infinite where nothing was found
     */
    public NDArray distances(NDArray rows) {
        return distances.get(new NDIndex("{}", rows));
    }

    /**
     * Keeps those images that are adversarial and nearer than what was found before.
     *
     * @param rows the positions of the samples (M), int64
     * @param candidates images (M, C, H, W)
     * @param lengths their distances from the clean images (M)
     * @param adversarial whether they fulfil the criterion (M), boolean
     */
    public void offer(NDArray rows, NDArray candidates, NDArray lengths, NDArray adversarial) {
        NDArray better = adversarial.logicalAnd(lengths.lt(distances(rows)));
        NDArray positions = better.nonzero().flatten();
        if (!positions.isEmpty()) {
            NDIndex chosen = new NDIndex("{}", positions);
            NDIndex place = new NDIndex("{}", rows.get(chosen));
            images.set(place, candidates.get(chosen));
            distances.set(place, lengths.get(chosen));
        }
    }
}
