// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.List;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.Provenance;

/** One perturbation for all images, as {@link UniversalResult} tells it. */
record UniversalRecord(
        Picture perturbation,
        Norm norm,
        double epsilon,
        double size,
        int passes,
        boolean reached,
        UniversalResult.Effect training,
        UniversalResult.Effect test,
        double seconds,
        List<String> warnings,
        Provenance provenance)
        implements UniversalResult {

    /** What it does to images. */
    record Effect(int samples, double accuracy, double perturbedAccuracy, double foolingRate)
            implements UniversalResult.Effect {}
}
