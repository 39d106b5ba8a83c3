// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.network;

import java.nio.file.Path;
import java.util.Objects;

/** Where a network comes from. */
public sealed interface NetworkSource {

    /**
     * A network that was saved in the engine's home.
     *
     * @param name its name
     */
    record Saved(String name) implements NetworkSource {
        /**
         * Checks the components.
         *
         * @param name its name
         */
        public Saved {
            Objects.requireNonNull(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A registered architecture with weights from a file in NumPy's {@code .npz} format: an array
     * for each parameter, by its path (such as {@code conv1.weight}), and optionally {@code scale}
     * (a scalar) and {@code mean} (C, H, W) of the normalisation {@code scale·x − mean}. A file
     * with a mean and no scale has the scale of the mean: 255 if the mean exceeds 1, else 1.
     *
     * @param model the name of the architecture
     * @param file the weights
     */
    record Weights(String model, Path file) implements NetworkSource {
        /**
         * Checks the components.
         *
         * @param model the name of the architecture
         * @param file the weights
         */
        public Weights {
            Objects.requireNonNull(model);
            Objects.requireNonNull(file);
        }

        @Override
        public String toString() {
            return model + " (" + file.getFileName() + ")";
        }
    }

    /**
     * A file that holds a whole network, such as a TorchScript archive, which takes images as they
     * are: its normalisation is inside.
     *
     * @param file the file
     */
    record ModelFile(Path file) implements NetworkSource {
        /**
         * Checks the components.
         *
         * @param file the file
         */
        public ModelFile {
            Objects.requireNonNull(file);
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }

    /**
     * A registered architecture with new random weights, to be trained.
     *
     * @param model the name of the architecture
     */
    record Untrained(String model) implements NetworkSource {
        /**
         * Checks the components.
         *
         * @param model the name of the architecture
         */
        public Untrained {
            Objects.requireNonNull(model);
        }

        @Override
        public String toString() {
            return "untrained " + model;
        }
    }
}
