// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Optional;
import java.util.stream.IntStream;
import org.deepdefense.engine.internal.work.OpenDataset;

/** What is found out about images in batches. What comes of an image depends on no other image. */
interface BatchWork {

    /** Returns the images. */
    OpenDataset dataset();

    /** Returns the numbers of all images. */
    default int[] all() {
        return IntStream.range(0, dataset().size()).toArray();
    }

    /** Returns all that the results depend on, or nothing if that cannot be known. */
    Optional<String> key();

    /**
     * Works on a batch. May be called by several threads at once.
     *
     * @param check throws as soon as the result can no longer be of use: to be called often
     * @param indices which images of the data set
     * @return what came of them
     */
    ResultCache.Batch run(Runnable check, int... indices);

    /**
     * Returns what to warn about when all images are there.
     *
     * @param outcomes what came of them
     * @param images how many there are
     */
    Optional<String> remark(Outcomes outcomes, int images);
}
