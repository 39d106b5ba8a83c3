// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Map;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.Picture;

/** One image before and after an attack, as {@link AttackedImage} tells it. */
record ImageRecord(
        int index,
        int label,
        String labelName,
        int prediction,
        String predictionName,
        int adversarialPrediction,
        String adversarialName,
        double confidence,
        double adversarialConfidence,
        boolean success,
        boolean evaluated,
        Picture clean,
        Picture adversarial,
        Map<Norm, Double> norms,
        double rho2)
        implements AttackedImage {}
