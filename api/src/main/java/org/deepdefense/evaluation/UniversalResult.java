// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.attack.Norm;
import org.deepdefense.job.Provenance;

/**
 * One perturbation for all images, and what it does.
 *
 * @param perturbation what is added to each image, in units of pixels, positive or negative
 * @param norm the norm that its size is limited in
 * @param epsilon the largest size that was allowed
 * @param size its size
 * @param passes how often the training images were gone through
 * @param reached whether it fools as many training images as was wanted
 * @param training what it does to the images that it was made from
 * @param test what it does to others
 * @param seconds how long it took
 * @param warnings oddities on the way
 * @param provenance how it came about; the data set is that of the training images
 */
public record UniversalResult(
        Picture perturbation,
        Norm norm,
        double epsilon,
        double size,
        int passes,
        boolean reached,
        Effect training,
        Effect test,
        double seconds,
        List<String> warnings,
        Provenance provenance) {

    /**
     * What a perturbation does to images. Perturbed pixels are clipped to their bounds.
     *
     * @param samples how many images there are
     * @param accuracy the rate of images classified correctly without it
     * @param perturbedAccuracy the rate of images classified correctly with it
     * @param foolingRate the rate of images whose predicted class it changes, whether that was
     *     correct or not
     */
    public record Effect(
            int samples, double accuracy, double perturbedAccuracy, double foolingRate) {}

    /**
     * Copies the warnings.
     *
     * @param perturbation what is added to each image, in units of pixels, positive or negative
     * @param norm the norm that its size is limited in
     * @param epsilon the largest size that was allowed
     * @param size its size
     * @param passes how often the training images were gone through
     * @param reached whether it fools as many training images as was wanted
     * @param training what it does to the images that it was made from
     * @param test what it does to others
     * @param seconds how long it took
     * @param warnings oddities on the way
     * @param provenance how it came about; the data set is that of the training images
     */
    public UniversalResult {
        warnings = List.copyOf(warnings);
    }
}
