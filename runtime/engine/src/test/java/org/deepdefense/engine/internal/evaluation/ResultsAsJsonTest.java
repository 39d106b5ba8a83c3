// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.report.json.ResultJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine returns can be written and read by whoever does not have it. */
@Timeout(60)
class ResultsAsJsonTest {

    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws Exception {
        engine = new TestEngine(home, Map.of("deepdefense.threads", "2"));
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(30));
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private static <T> T readAgain(Object result, Class<T> type) {
        String json = ResultJson.write(result);
        T read = ResultJson.read(json, type);
        assertEquals(json, ResultJson.write(read));
        return read;
    }

    @Test
    void evaluations() throws Exception {
        EvaluationResult result =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(
                                                network,
                                                TEST,
                                                PluginSpec.of("sign"),
                                                PluginSpec.of("nearest"))
                                        .optEpsilons(List.of(0.05, 0.2))
                                        .optOptions(EvaluationRequest.Option.IMAGES)
                                        .build())
                        .await();

        EvaluationResult read = readAgain(result, EvaluationResult.class);
        assertEquals(result.provenance(), read.provenance());
        assertEquals(result.overall().norms(), read.overall().norms());
        assertEquals(result.attacks().size(), read.attacks().size());
        for (int i = 0; i < result.samples(); i++) {
            assertEquals(
                    result.overall().images().get(i).norm(Norm.L2),
                    read.overall().images().get(i).norm(Norm.L2));
        }
    }

    @Test
    void tablesAndPicturesAndUniversalPerturbations() throws Exception {
        RobustnessTable table =
                engine.evaluator()
                        .table(
                                TableRequest.builder(List.of(network), TEST)
                                        .optRhoAttack(PluginSpec.of("nearest"))
                                        .optFgsAttack(PluginSpec.of("sign"))
                                        .build())
                        .await();
        assertEquals(
                table.rows().get(0).provenance(),
                readAgain(table, RobustnessTable.class).rows().get(0).provenance());

        AttackedImage image =
                engine.evaluator()
                        .attack(
                                EvaluationRequest.builder(network, TEST, PluginSpec.of("nearest"))
                                        .build(),
                                List.of(3))
                        .await()
                        .get(0);
        AttackedImage read = readAgain(image, AttackedImage.class);
        assertEquals(image.adversarial(), read.adversarial());
        assertEquals(image.norms(), read.norms());

        UniversalResult universal =
                engine.universal()
                        .search(
                                UniversalRequest.builder(network, TEST, TEST, Norm.LINF, 0.2)
                                        .optAttack(PluginSpec.of("nearest"))
                                        .optPasses(1)
                                        .build())
                        .await();
        assertEquals(
                universal.perturbation(),
                readAgain(universal, UniversalResult.class).perturbation());
    }
}
