// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.json;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.Target;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingResult;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;

/** Results with every kind of special value in them. */
public final class Samples {

    private static final String PROVENANCE =
            """
            {"created": "2026-01-02T03:04:05.678Z",
             "plugins": {"attack": {"name": "pgd", "bundle": "attacks 1", "parameters": {"a": "1"}}},
             "network": {"name": "lenet", "checksum": "sha256:0"},
             "dataset": {"name": "mnist", "checksum": "sha256:1"},
             "settings": {"batchSize": "3"}, "seed": -9007199254740993,
             "versions": {"java": "17"}}
            """;

    private static final String SIZES =
            """
            {"mean": 0.1, "p10": 0.1, "p25": 1e-300, "median": 0.3, "p75": null, "p90": null}
            """;

    private static final String ATTACK =
            """
            {"attack": "pgd:steps=3", "norm": "LINF", "epsilon": 0.03137254901960784,
             "attacked": 2, "notEvaluated": 1, "successRate": 0.5, "robustAccuracy": 0.25,
             "rho2": null, "rho2Pixels": 0.2, "rho2Excluded": 1, "rho2Sizes": SIZES,
             "norms": {"L2": SIZES, "LINF": SIZES}, "forwardsPerSample": 12.5,
             "backwardsPerSample": 0, "seconds": 1.5, "cached": 2,
             "images": [
              {"index": 0, "label": 1, "prediction": 1, "attacked": true, "success": false,
               "finiteGradients": false, "adversarialPrediction": 1,
               "norms": {"L0": 4, "L1": 0.5, "L2": 0.25, "LINF": 0.1}, "rho2": 0.1,
               "rho2Pixels": 0.2, "forwards": 3, "backwards": 2.5},
              {"index": 1, "label": 1, "prediction": 2, "attacked": false, "success": true,
               "finiteGradients": true, "adversarialPrediction": 2,
               "norms": {"L0": 4, "L1": 0.5, "L2": 0.3333333333333333, "LINF": 0.1},
               "rho2": null, "rho2Pixels": null, "forwards": 0, "backwards": 0}]}
            """
                    .replace("SIZES", SIZES);

    private static final String WORST =
            """
            {"attack": "worst case", "norm": null, "epsilon": null,
             "attacked": 2, "notEvaluated": 1, "successRate": 0.5, "robustAccuracy": 0.25,
             "rho2": 0.3, "rho2Pixels": 0.2, "rho2Excluded": 1, "rho2Sizes": SIZES,
             "norms": {}, "forwardsPerSample": 12.5, "backwardsPerSample": 0, "seconds": 1.5,
             "cached": 2, "images": []}
            """
                    .replace("SIZES", SIZES);

    private static final String PICTURE =
            """
            {"channels": 1, "height": 1, "width": 3, "pixels": [0.1, -1.0E-30, null]}
            """;

    private Samples() {}

    /**
     * Returns an evaluation by one attack that was not always evaluated.
     *
     * @return the result
     */
    public static EvaluationResult evaluation() {
        return ResultJson.read(
                """
                {"schema": "deepdefense/evaluation/1", "samples": 2, "accuracy": 0.5,
                 "overall": ATTACK, "attacks": [ATTACK], "worstCases": [WORST], "seconds": 2,
                 "warnings": ["ρ₂ \\"odd\\"\\u202e"], "provenance": PROVENANCE}
                """
                        .replace("ATTACK", ATTACK)
                        .replace("WORST", WORST)
                        .replace("PROVENANCE", PROVENANCE),
                EvaluationResult.class);
    }

    /**
     * Returns a table of one network.
     *
     * @return the result
     */
    public static RobustnessTable table() {
        return ResultJson.read(
                """
                {"schema": "deepdefense/table/1", "samples": 10, "epsilonRef": 0.23, "rows": [
                 {"network": "lenet", "accuracy": 0.99, "rho2": 0.2, "successRate": 1,
                  "accuracyAt": [0.9, 0.7, 0.5], "notEvaluated": 0, "provenance": PROVENANCE}]}
                """
                        .replace("PROVENANCE", PROVENANCE),
                RobustnessTable.class);
    }

    /**
     * Returns an image without light.
     *
     * @return the result
     */
    public static AttackedImage image() {
        return ResultJson.read(
                """
                {"schema": "deepdefense/image/1", "index": 3, "label": 7, "labelName": "seven",
                 "prediction": 7, "predictionName": "seven", "adversarialPrediction": 3,
                 "adversarialName": "three", "confidence": 0.9, "adversarialConfidence": 0.6,
                 "success": true, "evaluated": true, "clean": PICTURE, "adversarial": PICTURE,
                 "norms": {"L2": 0.35}, "rho2": null}
                """
                        .replace("PICTURE", PICTURE),
                AttackedImage.class);
    }

    /**
     * Returns a perturbation for all images.
     *
     * @return the result
     */
    public static UniversalResult universal() {
        String effect =
                "{\"samples\": 5, \"accuracy\": 1, \"perturbedAccuracy\": 0.2, \"foolingRate\":"
                        + " 0.8}";
        return ResultJson.read(
                """
                {"schema": "deepdefense/universal/1", "perturbation": PICTURE, "norm": "LINF",
                 "epsilon": 0.1, "size": 0.09, "passes": 2, "reached": true, "training": EFFECT,
                 "test": EFFECT, "seconds": 3.25, "warnings": [], "provenance": PROVENANCE}
                """
                        .replace("PICTURE", PICTURE)
                        .replace("EFFECT", effect)
                        .replace("PROVENANCE", PROVENANCE),
                UniversalResult.class);
    }

    /**
     * Returns a training whose loss was lost.
     *
     * @return the result
     */
    public static TrainingResult training() {
        Provenance provenance =
                new Provenance(
                        Instant.EPOCH,
                        Map.of(),
                        new Provenance.Source("n", "sha256:0"),
                        new Provenance.Source("d", "sha256:1"),
                        Map.of("epochs", "1"),
                        Long.MAX_VALUE,
                        Map.of());
        return new TrainingResult(
                new NetworkRecord(
                        "lenet-dd",
                        "lenet",
                        List.of(1L, 28L, 28L),
                        10,
                        "sha256:2",
                        provenance,
                        Optional.empty(),
                        List.of("epoch 1")),
                List.of(new TrainingResult.Epoch(1, Double.NaN, Map.of("rho2", 0.1))),
                1.5,
                List.of("it is odd"));
    }

    /**
     * Returns a task for an attack that is to reach a class.
     *
     * @return the task
     */
    public static Task task() {
        return new Task(
                new Task.Subject(
                        new NetworkSource.Weights("lenet", Path.of("a", "b.npz")),
                        "sha256:0",
                        DatasetSpec.of("mnist", Split.TEST).withLimit(3),
                        "sha256:1"),
                new Task.Treatment(
                        Optional.of(PluginSpec.parse("pgd:epsilon=0.1")),
                        Optional.of(Target.of(3)),
                        Long.MIN_VALUE,
                        true,
                        false),
                List.of(2, 0),
                Optional.of("abc"));
    }

    /**
     * Returns what came of a task.
     *
     * @return the outcome
     */
    public static TaskOutcome outcome() {
        return ResultJson.read(
                """
                {"schema": "deepdefense/outcome/1", "seconds": 0.3333333333333333,
                 "warnings": ["odd"], "images": [
                  {"index": 0, "label": 1, "prediction": 1, "attacked": true, "success": false,
                   "finiteGradients": false, "adversarialPrediction": 1,
                   "norms": {"L0": 4, "L1": 0.5, "L2": 1.0E-300, "LINF": 0.1}, "rho2": null,
                   "rho2Pixels": 0.2, "forwards": 3, "backwards": 2.5}]}
                """,
                TaskOutcome.class);
    }
}
