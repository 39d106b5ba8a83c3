// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.job.Provenance;

/** How networks compare, as {@link RobustnessTable} tells it. */
record TableRecord(int samples, double epsilonRef, List<RobustnessTable.Row> rows)
        implements RobustnessTable {

    /** How one network fares. */
    record Row(
            String network,
            double accuracy,
            double rho2,
            double successRate,
            List<Double> accuracyAt,
            int notEvaluated,
            Provenance provenance)
            implements RobustnessTable.Row {}
}
