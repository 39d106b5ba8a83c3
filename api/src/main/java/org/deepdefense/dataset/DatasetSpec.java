// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.dataset;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;

/**
 * A data set, and which images of it.
 *
 * @param name the name of the data set
 * @param directory where its files are; if not given, the engine's setting, then the download cache
 * @param split the part
 * @param limit how many images to use, from the first; 0 for all
 */
public record DatasetSpec(String name, Optional<Path> directory, Split split, int limit) {

    /**
     * Checks the components.
     *
     * @param name the name of the data set
     * @param directory where its files are; if not given, the engine's setting, then the download
     *     cache
     * @param split the part
     * @param limit how many images to use, from the first; 0 for all
     * @throws DeepDefenseException if a component is out of its range
     */
    public DatasetSpec {
        if (limit < 0) {
            throw new DeepDefenseException(
                    "A limit of " + limit + " images is negative", "give 0 for all, or a number");
        }
    }

    /**
     * Names a part of a data set.
     *
     * @param name the name of the data set
     * @param split the part
     * @return all images of that part
     */
    public static DatasetSpec of(String name, Split split) {
        return new DatasetSpec(name, Optional.empty(), split, 0);
    }

    /**
     * Returns the same data set in a directory.
     *
     * @param files where its files are
     * @return a new value
     */
    public DatasetSpec withDirectory(Path files) {
        return new DatasetSpec(name, Optional.of(files), split, limit);
    }

    /**
     * Returns the first images only.
     *
     * @param images how many images, 0 for all
     * @return a new value
     */
    public DatasetSpec withLimit(int images) {
        return new DatasetSpec(name, directory, split, images);
    }
}
