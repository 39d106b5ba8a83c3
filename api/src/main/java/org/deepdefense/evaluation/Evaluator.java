// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.job.Job;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Measures how robust networks are. Requests are checked before a method returns: names that do not
 * exist and parameters out of range are a {@link org.deepdefense.DeepDefenseException}; what takes
 * reading files fails the job.
 */
@ProviderType
public interface Evaluator {

    /**
     * Evaluates a network under one or more attacks. Results are kept in the engine's home, batch
     * by batch: an evaluation that is repeated is instant, and one that was interrupted goes on
     * where it stopped.
     *
     * @param request what to evaluate
     * @return the running job
     */
    Job<EvaluationResult> evaluate(EvaluationRequest request);

    /**
     * Compares networks as in table 1 of the Deep Defense paper.
     *
     * @param request what to compare
     * @return the running job
     */
    Job<RobustnessTable> table(TableRequest request);

    /**
     * Attacks single images, to look at them. All are attacked, also those that are misclassified.
     *
     * @param request what to attack, with one attack; its limit and its options are ignored
     * @param indices the images of the data set
     * @return the running job
     */
    Job<List<AttackedImage>> attack(EvaluationRequest request, List<Integer> indices);
}
