// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Optional;
import org.deepdefense.engine.internal.network.Normalization;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.job.Progress;

/** Computes the normalisation of a network that is trained from the beginning. */
final class MeanImage {

    private static final int BATCH = 500;

    private MeanImage() {}

    /**
     * Computes the mean of the scaled images, in double precision.
     *
     * @param dataset the images
     * @param trained the places of those that the network is trained on
     * @param scale what pixels are multiplied by
     * @param manager the owner of the mean
     * @param progress takes the progress
     * @return scale·x − mean
     */
    static Normalization of(
            OpenDataset dataset,
            int[] trained,
            double scale,
            NDManager manager,
            Progress progress) {
        int size = trained.length;
        double[] sums = new double[Math.toIntExact(dataset.imageShape().size())];
        for (int first = 0; first < size; first += BATCH) {
            progress.checkCancelled();
            progress.update("mean image", first, size, "");
            int[] indices = Arrays.copyOfRange(trained, first, Math.min(size, first + BATCH));
            try (NDManager batch = NDManager.newBaseManager()) {
                float[] pixels = dataset.images(batch, indices).toFloatArray();
                for (int i = 0; i < pixels.length; i++) {
                    sums[i % sums.length] += pixels[i];
                }
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (scale * sums[i] / size);
        }
        NDArray array = manager.create(mean, dataset.imageShape());
        return new Normalization(scale, Optional.of(array));
    }
}
