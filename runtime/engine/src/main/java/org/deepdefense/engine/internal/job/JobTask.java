// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

/**
 * The work of a job.
 *
 * @param <T> the type of its result
 */
@FunctionalInterface
public interface JobTask<T> {

    /**
     * Does the work.
     *
     * @param control where to report, and whether the work is still wanted
     * @return the result
     * @throws Exception if the work fails; a {@link org.deepdefense.DeepDefenseException} if the
     *     user can mend it
     */
    T run(JobControl control) throws Exception;
}
