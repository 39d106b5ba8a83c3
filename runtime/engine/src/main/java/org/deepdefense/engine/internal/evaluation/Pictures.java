// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.evaluation.Picture;

/** Takes images out of the memory of an engine. */
final class Pictures {

    private Pictures() {}

    /** Copies one image (1, C, H, W). */
    static Picture of(NDArray image) {
        Shape shape = image.getShape();
        return new Picture(
                (int) shape.get(1), (int) shape.get(2), (int) shape.get(3), image.toFloatArray());
    }
}
