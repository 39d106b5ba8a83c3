// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.work;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.evaluation.Target;
import org.deepdefense.network.NetworkSource;

/**
 * A piece of an evaluation as a value: what is to be done to which images. What comes of an image
 * depends on no other image, so that work may be split in any way.
 *
 * @param subject the network and the images
 * @param treatment what is done to the images
 * @param images which images of the data set, from 0
 * @param key a checksum of all that outcomes depend on besides the numbers of the images, code
 *     included: tasks of one key have the same outcomes wherever they are run; nothing where that
 *     cannot be known
 */
public record Task(
        Subject subject, Treatment treatment, List<Integer> images, Optional<String> key) {

    /**
     * Checks the components.
     *
     * @param subject the network and the images
     * @param treatment what is done to the images
     * @param images which images of the data set, from 0
     * @param key a checksum of all that outcomes depend on besides the numbers of the images
     */
    public Task {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(treatment);
        Objects.requireNonNull(key);
        images = List.copyOf(images);
    }

    /**
     * Returns the task for some of the images.
     *
     * @param some which images of the data set
     * @return a task with the same key
     */
    public Task part(List<Integer> some) {
        return new Task(subject, treatment, some, key);
    }

    /**
     * A network before images, both known by their content.
     *
     * @param network where the network is to be found
     * @param networkChecksum the checksum of its weights, {@code sha256:} and 64 hexadecimal digits
     * @param dataset which images of which data set
     * @param datasetChecksum the checksum of the data set
     */
    public record Subject(
            NetworkSource network,
            String networkChecksum,
            DatasetSpec dataset,
            String datasetChecksum) {

        /**
         * Checks the components.
         *
         * @param network where the network is to be found
         * @param networkChecksum the checksum of its weights
         * @param dataset which images of which data set
         * @param datasetChecksum the checksum of the data set
         */
        public Subject {
            Objects.requireNonNull(network);
            Objects.requireNonNull(networkChecksum);
            Objects.requireNonNull(dataset);
            Objects.requireNonNull(datasetChecksum);
        }
    }

    /**
     * What is done to images.
     *
     * @param attack the attack with all its parameters; if there is none, images are only
     *     classified
     * @param target the class that it is to reach, if any
     * @param seed the seed of all random numbers
     * @param tighten whether what a minimum-norm attack returns is made as small as the boundary
     *     allows
     * @param eightBit whether images have to fool the network after rounding to 8 bits a channel
     */
    public record Treatment(
            Optional<PluginSpec> attack,
            Optional<Target> target,
            long seed,
            boolean tighten,
            boolean eightBit) {

        /** Nothing but looking: images are classified as they are. */
        public static final Treatment NONE =
                new Treatment(Optional.empty(), Optional.empty(), 0, false, false);

        /**
         * Checks the components.
         *
         * @param attack the attack with all its parameters
         * @param target the class that it is to reach, if any
         * @param seed the seed of all random numbers
         * @param tighten whether perturbations are made as small as the boundary allows
         * @param eightBit whether images have to fool the network after rounding
         */
        public Treatment {
            Objects.requireNonNull(attack);
            Objects.requireNonNull(target);
        }
    }
}
