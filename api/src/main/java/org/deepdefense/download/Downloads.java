// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.download;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deepdefense.job.Progress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Fetches published files once and keeps them, for all who need them: a bundle with data sets or
 * models takes this service. What it keeps is in folders of the user's home, which several
 * processes may use at once.
 */
@ProviderType
public interface Downloads {

    /** What is done while nobody else changes a folder. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it.
         *
         * @throws IOException if a file cannot be read or written
         */
        void run() throws IOException;
    }

    /**
     * Returns where the files of a folder are.
     *
     * @param folder the name of the folder, such as that of a data set
     * @return its place, which may not exist yet
     */
    Path folder(String folder);

    /**
     * Returns a file, which is fetched if the folder lacks it, or has one of another size. A
     * transfer that broke off, was cancelled or ended with its process goes on where it stopped.
     *
     * @param folder the folder that the file is kept in
     * @param file what to fetch
     * @param mirrors the addresses of folders that have the file, tried in turn
     * @param progress where bytes are reported, and whether to go on
     * @return where the file is; its size and its checksum are right
     * @throws IOException if the file that is there cannot be read
     * @throws org.deepdefense.DeepDefenseException if downloads are switched off, no mirror has the
     *     file, the folder cannot be written, or it has another file of this name and size
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    Path fetch(String folder, PublishedFile file, List<String> mirrors, Progress progress)
            throws IOException;

    /**
     * Waits until nobody else changes a folder in this way, and works: unpacks an archive, say. It
     * may fetch files meanwhile.
     *
     * @param folder the folder, created if it is missing
     * @param progress where waiting is reported, and whether to go on
     * @param work what to do
     * @throws IOException if the work throws it
     * @throws org.deepdefense.DeepDefenseException if the folder cannot be written
     * @throws java.util.concurrent.CancellationException if it was cancelled while it waited
     */
    void exclusively(String folder, Progress progress, Work work) throws IOException;
}
