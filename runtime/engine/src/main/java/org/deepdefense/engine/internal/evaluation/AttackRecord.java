// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.NormSummary;
import org.deepdefense.evaluation.SampleResult;

/** How a network fares under one attack, as {@link AttackResult} tells it. */
record AttackRecord(
        String attack,
        Optional<Norm> norm,
        OptionalDouble epsilon,
        int attacked,
        int notEvaluated,
        double successRate,
        double robustAccuracy,
        double rho2,
        double rho2Pixels,
        int rho2Excluded,
        NormSummary rho2Sizes,
        Map<Norm, NormSummary> norms,
        double forwardsPerSample,
        double backwardsPerSample,
        double seconds,
        int cached,
        List<SampleResult> images)
        implements AttackResult {

    /** Returns the figures alone. */
    AttackRecord withoutImages() {
        return new AttackRecord(
                attack,
                norm,
                epsilon,
                attacked,
                notEvaluated,
                successRate,
                robustAccuracy,
                rho2,
                rho2Pixels,
                rho2Excluded,
                rho2Sizes,
                norms,
                forwardsPerSample,
                backwardsPerSample,
                seconds,
                cached,
                List.of());
    }
}
