// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepdefense.engine.internal.classifier.Finite;
import org.deepdefense.engine.internal.classifier.WatchedClassifier;

/**
 * Remembers for which images of a batch an attack met gradients that are not finite. An attack may
 * look at some of the images only, and does not say at which: a row then belongs to the image that
 * is nearest to it. Where that cannot be told, it may have been any of them.
 */
final class GradientFaults implements WatchedClassifier.Observer {

    private static final int[] ROW = {1};

    private final NDArray images;
    private final boolean[] met;

    /**
     * Begins with none.
     *
     * @param images the images that are attacked (N, C, H, W)
     */
    GradientFaults(NDArray images) {
        this.images = images;
        this.met = new boolean[Math.toIntExact(images.getShape().get(0))];
    }

    @Override
    public synchronized void notFinite(NDArray input, boolean... rows) {
        if (rows.length == met.length) {
            for (int i = 0; i < met.length; i++) {
                met[i] |= rows[i];
            }
        } else if (input.getShape().slice(1).equals(images.getShape().slice(1))) {
            markNearest(input, rows);
        } else {
            Arrays.fill(met, true);
        }
    }

    private void markNearest(NDArray input, boolean... rows) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            long[] bad =
                    IntStream.range(0, rows.length).filter(i -> rows[i]).asLongStream().toArray();
            NDArray points = input.get(new NDIndex("{}", images.getManager().create(bad)));
            NDArray centers = images.reshape(met.length, -1);
            // ‖x − p‖² without ‖p‖², which is the same for all images x.
            NDArray distances =
                    points.reshape(bad.length, -1)
                            .matMul(centers.transpose())
                            .muli(-2)
                            .addi(centers.square().sum(ROW));
            if (!Finite.all(distances)) {
                Arrays.fill(met, true);
                return;
            }
            for (long nearest : distances.argMin(1).toLongArray()) {
                met[Math.toIntExact(nearest)] = true;
            }
        }
    }

    /** Tells of each image whether all its gradients were finite. */
    synchronized boolean[] finite() {
        boolean[] finite = new boolean[met.length];
        for (int i = 0; i < met.length; i++) {
            finite[i] = !met[i];
        }
        return finite;
    }
}
