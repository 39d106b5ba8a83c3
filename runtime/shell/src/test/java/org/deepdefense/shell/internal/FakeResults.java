// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepdefense.attack.Norm;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.NormSummary;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.Provenance;

/** Results as an engine might return them. */
public final class FakeResults {

    private FakeResults() {}

    /** How a network fares under attacks. */
    public record Evaluation(
            int samples,
            double accuracy,
            AttackResult overall,
            List<AttackResult> attacks,
            List<AttackResult> worstCases,
            double seconds,
            List<String> warnings,
            Provenance provenance)
            implements EvaluationResult {}

    /** How a network fares under an attack. */
    public record Attack(
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
            implements AttackResult {}

    /** How an image fared. */
    public record Sample(
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
            implements SampleResult {}

    /** An image before and after an attack. */
    public record Image(
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

    /** How networks compare. */
    public record Table(int samples, double epsilonRef, List<RobustnessTable.Row> rows)
            implements RobustnessTable {}

    /** How one of them fares. */
    public record Row(
            String network,
            double accuracy,
            double rho2,
            double successRate,
            List<Double> accuracyAt,
            int notEvaluated,
            Provenance provenance)
            implements RobustnessTable.Row {}

    /** One perturbation for all images. */
    public record Universal(
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
            implements UniversalResult {}

    /** What it does to images. */
    public record Effect(int samples, double accuracy, double perturbedAccuracy, double foolingRate)
            implements UniversalResult.Effect {}
}
