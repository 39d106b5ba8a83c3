// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Optional;
import java.util.OptionalInt;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.job.JobControl;
import org.deepdefense.work.Workers;

/**
 * What the jobs of an evaluator work with.
 *
 * @param catalog the plug-ins
 * @param subjects puts networks before images
 * @param cache keeps results
 * @param workers do the tasks that measuring is made of
 */
record Workshop(PluginCatalog catalog, Subjects subjects, ResultCache cache, Workers workers) {

    /**
     * Begins to measure for a job.
     *
     * @param control progress, cancellation and warnings of the job
     * @param batchSize how many images are attacked together, or as many as suits them
     * @param terms on what terms attacks are run
     * @param cached whether results are kept and found again
     */
    Measurement measurement(
            JobControl control, OptionalInt batchSize, Terms terms, boolean cached) {
        return new Measurement(
                control,
                workers,
                batchSize,
                terms,
                cached ? Optional.of(cache) : Optional.empty(),
                new ResultKeys(catalog));
    }

    /** Makes room among the results that are kept. */
    void trim() {
        cache.trim();
    }
}
