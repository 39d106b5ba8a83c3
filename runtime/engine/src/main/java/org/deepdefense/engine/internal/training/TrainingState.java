package org.deepdefense.engine.internal.training;

import java.util.List;
import java.util.Map;

/**
 * Where a training is, for its checkpoint.
 *
 * @param request everything that the result depends on, by name, as text
 * @param epoch how many epochs are finished
 * @param step how many steps of the next epoch are done
 * @param sums what these steps reported
 * @param metrics what the finished epochs reported
 * @param warnings oddities reported so far
 */
record TrainingState(
        Map<String, String> request,
        int epoch,
        int step,
        Map<String, Averages.Sum> sums,
        List<String> metrics,
        List<String> warnings) {}
