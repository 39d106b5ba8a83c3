// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a training is, for its checkpoint.
 *
 * @param fingerprint everything that the result depends on
 * @param epoch how many epochs are finished
 * @param step how many steps of the next epoch are done
 * @param sums what these steps reported
 * @param metrics what the finished epochs reported
 * @param warnings oddities reported so far
 */
record TrainingState(
        Fingerprint fingerprint,
        int epoch,
        int step,
        Map<String, Averages.Sum> sums,
        List<String> metrics,
        List<String> warnings) {

    TrainingState {
        Stream.of(fingerprint, sums, metrics, warnings).forEach(Objects::requireNonNull);
    }
}
