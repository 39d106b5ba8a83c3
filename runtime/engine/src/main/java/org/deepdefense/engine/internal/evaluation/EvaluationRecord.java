// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import org.deepdefense.engine.internal.job.Trimmable;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.job.Provenance;

/** How a network fares under attacks, as {@link EvaluationResult} tells it. */
record EvaluationRecord(
        int samples,
        double accuracy,
        AttackResult overall,
        List<AttackResult> attacks,
        List<AttackResult> worstCases,
        double seconds,
        List<String> warnings,
        Provenance provenance)
        implements EvaluationResult, Trimmable {

    /** Images and their perturbations are for whoever asked for them. */
    @Override
    public EvaluationRecord trimmed() {
        return new EvaluationRecord(
                samples,
                accuracy,
                trimmed(overall),
                attacks.stream().map(EvaluationRecord::trimmed).toList(),
                worstCases.stream().map(EvaluationRecord::trimmed).toList(),
                seconds,
                warnings,
                provenance);
    }

    private static AttackResult trimmed(AttackResult result) {
        return result instanceof AttackRecord attack ? attack.withoutImages() : result;
    }
}
