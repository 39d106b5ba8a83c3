// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.attack.Norm;
import org.deepdefense.job.Provenance;
import org.osgi.annotation.versioning.ProviderType;

/** One perturbation for all images, and what it does. */
@ProviderType
public interface UniversalResult {

    /**
     * Returns what is added to each image.
     *
     * @return numbers in units of pixels, positive or negative
     */
    Picture perturbation();

    /**
     * Returns the norm that its size is limited in.
     *
     * @return L2 or L∞
     */
    Norm norm();

    /**
     * Returns the largest size that was allowed.
     *
     * @return the largest norm, in pixels
     */
    double epsilon();

    /**
     * Returns its size.
     *
     * @return its norm, in pixels
     */
    double size();

    /**
     * Returns how often the training images were gone through.
     *
     * @return a number of passes
     */
    int passes();

    /**
     * Tells whether it fools as many training images as was wanted.
     *
     * @return whether the fooling rate was reached
     */
    boolean reached();

    /**
     * Returns what it does to the images that it was made from.
     *
     * @return its effect
     */
    Effect training();

    /**
     * Returns what it does to other images.
     *
     * @return its effect
     */
    Effect test();

    /**
     * Returns how long the search took.
     *
     * @return seconds
     */
    double seconds();

    /**
     * Returns oddities on the way.
     *
     * @return sentences
     */
    List<String> warnings();

    /**
     * Returns how it came about; the data set is that of the training images.
     *
     * @return all that is needed to repeat it
     */
    Provenance provenance();

    /** What a perturbation does to images. Perturbed pixels are clipped to their bounds. */
    @ProviderType
    interface Effect {

        /**
         * Returns how many images there are.
         *
         * @return a number of images
         */
        int samples();

        /**
         * Returns the rate of images classified correctly without it.
         *
         * @return a rate in 0..1
         */
        double accuracy();

        /**
         * Returns the rate of images classified correctly with it.
         *
         * @return a rate in 0..1
         */
        double perturbedAccuracy();

        /**
         * Returns the rate of images whose predicted class it changes, whether that was correct or
         * not.
         *
         * @return a rate in 0..1
         */
        double foolingRate();
    }
}
