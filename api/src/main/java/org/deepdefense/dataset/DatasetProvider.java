// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.dataset;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import org.deepdefense.model.Bounds;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A data set. A plug-in registers it as an OSGi service, named by {@link DatasetPlugin}. Files are
 * looked for when it is opened, not before.
 */
@ConsumerType
public interface DatasetProvider {

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    Shape imageShape();

    /**
     * Returns the names of the classes in the order of their labels.
     *
     * @return K names, at least two; the numbers of the classes will do if {@link
     *     Dataset#classNames()} has them
     */
    List<String> classNames();

    /**
     * Returns the interval in which pixels lie.
     *
     * @return the bounds, [0, 1] unless there is a reason
     */
    default Bounds bounds() {
        return Bounds.UNIT;
    }

    /**
     * Reads a part of the data set, and fetches it first if it is missing and may be fetched.
     *
     * @param split the part
     * @param source where to look, and whether downloads are allowed
     * @return the images
     * @throws org.deepdefense.DeepDefenseException if a file is missing, truncated or another one
     *     than expected; the message says which, what was expected, and how to get it
     * @throws IOException if reading or fetching fails
     */
    Dataset open(Split split, DatasetSource source) throws IOException;
}
