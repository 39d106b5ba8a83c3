// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.Objects;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/**
 * One perturbation for all images that is to be searched.
 *
 * @param network the network to be fooled
 * @param training the images to make it from
 * @param test the images to measure it on
 * @param attack finds the smallest perturbation of one image
 * @param norm L2 or L∞: how its size is measured
 * @param epsilon its largest size, in units of pixels
 * @param foolingRate the search ends when the predicted class of so many training images changes,
 *     above 0 and at most 1
 * @param passes how often the training images are gone through at most
 * @param batchSize how many images are attacked together; with 1 the algorithm is the paper's, with
 *     more it is faster, but each attack starts from a perturbation that is a little older
 * @param seed the seed of the order of images and the attack's random numbers
 */
public record UniversalRequest(
        NetworkSource network,
        DatasetSpec training,
        DatasetSpec test,
        PluginSpec attack,
        Norm norm,
        double epsilon,
        double foolingRate,
        int passes,
        int batchSize,
        long seed) {

    /** The largest size in L∞ that the paper allows, for pixels in [0, 1]. */
    public static final double EPSILON_LINF = 10 / 255.0;

    /** The fooling rate that is wanted in the paper. */
    public static final double FOOLING_RATE = 0.8;

    /** Passes after which more are of little use. */
    public static final int PASSES = 10;

    /**
     * Checks the components.
     *
     * @param network the network to be fooled
     * @param training the images to make it from
     * @param test the images to measure it on
     * @param attack finds the smallest perturbation of one image
     * @param norm L2 or L∞: how its size is measured
     * @param epsilon its largest size, in units of pixels
     * @param foolingRate the search ends when the predicted class of so many training images
     *     changes, above 0 and at most 1
     * @param passes how often the training images are gone through at most
     * @param batchSize how many images are attacked together
     * @param seed the seed of the order of images and the attack's random numbers
     * @throws DeepDefenseException if a component is out of its range
     */
    public UniversalRequest {
        Objects.requireNonNull(network);
        Objects.requireNonNull(training);
        Objects.requireNonNull(test);
        Objects.requireNonNull(attack);
        if (norm != Norm.L2 && norm != Norm.LINF) {
            throw new DeepDefenseException(
                    "A universal perturbation cannot be limited in the norm " + norm.symbol(),
                    "choose L2 or L∞");
        }
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new DeepDefenseException(
                    "The largest size epsilon=" + epsilon + " is out of range",
                    "give a number above 0, in units of pixels");
        }
        if (!(foolingRate > 0 && foolingRate <= 1)) {
            throw new DeepDefenseException(
                    "The fooling rate " + foolingRate + " is out of range",
                    "give a number above 0 and at most 1");
        }
        if (passes < 1 || batchSize < 1) {
            throw new DeepDefenseException(
                    passes + " passes in batches of " + batchSize + " images are none",
                    "give 1 or more");
        }
    }

    /**
     * Describes the search of the paper: with DeepFool, one image after the other, until 80 % of
     * the training images are fooled.
     *
     * @param network the network to be fooled
     * @param training the images to make it from
     * @param test the images to measure it on
     * @param norm L2 or L∞
     * @param epsilon its largest size, in units of pixels
     * @return the request with seed 0
     */
    public static UniversalRequest of(
            NetworkSource network,
            DatasetSpec training,
            DatasetSpec test,
            Norm norm,
            double epsilon) {
        return new UniversalRequest(
                network,
                training,
                test,
                PluginSpec.of("deepfool"),
                norm,
                epsilon,
                FOOLING_RATE,
                PASSES,
                1,
                0);
    }
}
