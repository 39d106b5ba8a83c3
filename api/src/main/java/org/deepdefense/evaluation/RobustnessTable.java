// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import org.deepdefense.job.Provenance;

/**
 * The columns of table 1 of the Deep Defense paper. Rates are in 0..1.
 *
 * @param samples how many images were evaluated
 * @param epsilonRef the budget of the fast gradient sign attack, in pixels, at which half of the
 *     images are still classified correctly by the last network
 * @param rows a row for each network
 */
public record RobustnessTable(int samples, double epsilonRef, List<Row> rows) {

    /** The fractions of ε_ref at which accuracy is measured. */
    public static final List<Double> FRACTIONS = List.of(0.2, 0.5, 1.0);

    /**
     * How one network fares.
     *
     * @param network its name
     * @param accuracy benign accuracy
     * @param rho2 as in {@link EvaluationResult#rho2()}
     * @param successRate the success rate of the attack that measured ρ₂
     * @param accuracyAt accuracy at each of {@link #FRACTIONS} of ε_ref
     * @param notEvaluated how many correctly classified images one of these attacks did not fool
     *     and did not evaluate ({@link AttackResult#notEvaluated}), the most of all; they don't
     *     count in the accuracies
     * @param provenance how the numbers came about
     */
    public record Row(
            String network,
            double accuracy,
            double rho2,
            double successRate,
            List<Double> accuracyAt,
            int notEvaluated,
            Provenance provenance) {}
}
