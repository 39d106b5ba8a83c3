// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.SampleResult;

/** How one image fared, as {@link SampleResult} tells it. */
record SampleRecord(
        int index,
        int label,
        int prediction,
        boolean attacked,
        boolean success,
        boolean finiteGradients,
        int adversarialPrediction,
        Map<Norm, Double> norms,
        double rho2,
        double rho2Pixels,
        double forwards,
        double backwards)
        implements SampleResult {

    SampleRecord {
        norms = Collections.unmodifiableMap(new EnumMap<>(norms));
    }

    /** Copies a result, wherever it comes from. */
    static SampleRecord of(SampleResult image) {
        return image instanceof SampleRecord record
                ? record
                : new SampleRecord(
                        image.index(),
                        image.label(),
                        image.prediction(),
                        image.attacked(),
                        image.success(),
                        image.finiteGradients(),
                        image.adversarialPrediction(),
                        image.norms(),
                        image.rho2(),
                        image.rho2Pixels(),
                        image.forwards(),
                        image.backwards());
    }

    /** Returns the same result with another verdict. */
    SampleRecord withSuccess(boolean fooled) {
        return fooled == success
                ? this
                : new SampleRecord(
                        index,
                        label,
                        prediction,
                        attacked,
                        fooled,
                        finiteGradients,
                        adversarialPrediction,
                        norms,
                        rho2,
                        rho2Pixels,
                        forwards,
                        backwards);
    }

    /** Returns the same result with other numbers of calls. */
    SampleRecord withCalls(double forwardCalls, double backwardCalls) {
        return new SampleRecord(
                index,
                label,
                prediction,
                attacked,
                success,
                finiteGradients,
                adversarialPrediction,
                norms,
                rho2,
                rho2Pixels,
                forwardCalls,
                backwardCalls);
    }
}
