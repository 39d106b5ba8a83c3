// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Criterion;

/** Knows images from which attacks may start. */
@FunctionalInterface
public interface StartingPoints {

    /** Knows none. */
    StartingPoints NONE = (images, criterion) -> images.duplicate();

    /**
     * Finds for each image the nearest known one that fulfils a criterion.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @return images (N, C, H, W) on the manager of the images; the image itself where none is
     *     known
     */
    NDArray nearest(NDArray images, Criterion criterion);
}
