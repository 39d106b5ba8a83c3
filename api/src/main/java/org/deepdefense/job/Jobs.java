// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The jobs of this engine: those that run and the last twenty that ended since it was started. What
 * is remembered of those has no images.
 */
@ProviderType
public interface Jobs {

    /**
     * Returns the jobs.
     *
     * @return the jobs, oldest first
     */
    List<Job<?>> list();

    /**
     * Returns a job.
     *
     * @param id its identifier
     * @return the job, or nothing if there is none
     */
    Optional<Job<?>> find(String id);

    /**
     * Returns the jobs that ended, in this process and in earlier ones with the same home. Of more
     * than a thousand the oldest are forgotten.
     *
     * @return their records, oldest first
     */
    List<JobRecord> history();
}
