// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a job that has ended, perhaps in an earlier process.
 *
 * @param id the name of the job, unique in its home
 * @param description one line that says what it did
 * @param state how it ended
 * @param started when it was started
 * @param ended when it ended
 * @param warnings oddities that it reported
 * @param error why it failed, if it did
 * @param file the record in the home, as JSON; that of a training, an evaluation or a table has the
 *     result with its provenance, but no images
 */
public record JobRecord(
        String id,
        String description,
        Job.State state,
        Instant started,
        Instant ended,
        List<String> warnings,
        Optional<String> error,
        Path file) {}
