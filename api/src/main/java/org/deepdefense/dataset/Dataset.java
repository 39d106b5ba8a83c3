// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Labelled images with random access. May be used by several threads at once. */
@ConsumerType
public interface Dataset {

    /**
     * Returns the number of images.
     *
     * @return the size
     */
    int size();

    /**
     * Returns images.
     *
     * @param manager the owner of the result
     * @param indices the images to return (N), each at least 0 and below the size
     * @return images (N, C, H, W), float32 in the bounds of the data set; the engine refuses
     *     others, and names the first
     */
    NDArray images(NDManager manager, int... indices);

    /**
     * Returns the class of an image.
     *
     * @param index an image
     * @return its class, at least 0 and below the number of classes; the engine asks for all when
     *     the data set is opened
     */
    int label(int index);

    /**
     * Returns the names of the classes in the order of their labels, where they are in the files of
     * the data set.
     *
     * @return K names, or nothing if {@link DatasetProvider#classNames()} has them
     */
    default List<String> classNames() {
        return List.of();
    }

    /**
     * Returns a fingerprint of all pixels and labels, or of as much of the files as can be read in
     * seconds, for the record of a run.
     *
     * @return {@code sha256:} and 64 hexadecimal digits
     */
    String checksum();
}
