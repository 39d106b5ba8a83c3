// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.dataset;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.job.Progress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a data set may look for its files, and how it tells of a download; what it fetches, it
 * fetches with {@link org.deepdefense.download.Downloads}.
 */
@ProviderType
public interface DatasetSource {

    /**
     * Returns the directory that the user named. The files are in it, or in a folder of it that has
     * the name of the data set; nothing is written to it.
     *
     * @return the directory, or nothing if the user named none
     */
    Optional<Path> directory();

    /**
     * Returns where to report the progress of a download, and whether it was cancelled.
     *
     * @return the progress
     */
    Progress progress();
}
