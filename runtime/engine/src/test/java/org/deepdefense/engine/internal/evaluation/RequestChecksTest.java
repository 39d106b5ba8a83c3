// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.CrossEntropy;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.engine.internal.work.Reach;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.model.Bounds;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What can have no effect, or not the one that its name promises, is refused before the work. */
class RequestChecksTest {

    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("boundless", new SignStep());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.attack("nearest-l0", new NearestBoundary((context, images) -> {}, Norm.L0, true));
        engine.defense("plain", new CrossEntropy(step -> {}), Map.of());
        engine.defense(
                "robust",
                new CrossEntropy(step -> {}),
                Map.of("deepdefense.attack", "boundless:epsilon=2"));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(90));
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        assertEquals(List.of(), engine.jobs().list());
        engine.stop();
    }

    private EvaluationRequest request(String... attacks) {
        return EvaluationRequest.builder(
                        network,
                        TEST,
                        Arrays.stream(attacks).map(PluginSpec::parse).toArray(PluginSpec[]::new))
                .build();
    }

    private static void refused(String why, Executable work) {
        String message = assertThrows(DeepDefenseException.class, work).getMessage();
        assertTrue(message.contains(why), message);
    }

    private void refused(String why, EvaluationRequest request) {
        refused(why, () -> engine.evaluator().evaluate(request));
    }

    @Test
    void anEnsembleOfOneAttackIsNone() {
        refused(
                "nearest alone",
                request("nearest").toBuilder().optOptions(Option.ENSEMBLE).build());
        refused(
                "nearest alone",
                request("nearest").toBuilder()
                        .optEpsilons(List.of(0.1, 0.2))
                        .optOptions(Option.ENSEMBLE)
                        .build());
    }

    @Test
    void anAttackIsNamedOnce() {
        refused("nearest is named twice", request("nearest", "sign", "nearest"));
    }

    @Test
    void budgetsStayWithinTheBoxOfPixels() {
        refused("L∞ distance of any two images", request("boundless:epsilon=1.01"));
        refused(
                "L2 distance",
                request("nearest").toBuilder().optEpsilons(List.of(0.1, 2.45)).build());
        refused("L0 distance", request("nearest-l0").toBuilder().optEpsilons(List.of(7.0)).build());
        refused(
                "L∞ distance",
                () -> engine.evaluator().attack(request("boundless:epsilon=8"), List.of(0)));
        refused(
                "L2 distance",
                () ->
                        engine.universal()
                                .search(
                                        UniversalRequest.builder(network, TEST, TEST, Norm.L2, 2.5)
                                                .optAttack(PluginSpec.of("nearest"))
                                                .optFoolingRate(0.8)
                                                .optPasses(1)
                                                .optBatchSize(1)
                                                .optSeed(0)
                                                .build()));
        refused(
                "L∞ distance",
                () ->
                        engine.trainer()
                                .train(
                                        TrainingRequest.builder(
                                                        new NetworkSource.Untrained("linear"),
                                                        DatasetSpec.of("blobs", Split.TRAIN),
                                                        PluginSpec.of("robust"),
                                                        "net")
                                                .build()));
    }

    @Test
    void theBoxHasADiameterInEachNorm() {
        Reach reach = new Reach("bytes", new Shape(3, 2, 2), new Bounds(-1, 254));
        assertEquals(12, reach.in(Norm.L0));
        assertEquals(12 * 255, reach.in(Norm.L1));
        assertEquals(Math.sqrt(12) * 255, reach.in(Norm.L2));
        assertEquals(255, reach.in(Norm.LINF));
    }

    @Test
    void rho2IsOfTheSmallestEuclideanPerturbation() {
        for (String attack : List.of("sign", "nearest-l0")) {
            refused(
                    "\"" + attack + "\" does not look for the smallest perturbation in L2",
                    () -> engine.evaluator().table(table(attack, "sign")));
        }
    }

    @Test
    void aTableVariesTheBudgetItself() {
        refused(
                "is what the table varies",
                () -> engine.evaluator().table(table("nearest", "sign:epsilon=0.3")));
    }

    private TableRequest table(String rho, String budget) {
        return TableRequest.builder(List.of(network), TEST)
                .optRhoAttack(PluginSpec.parse(rho))
                .optFgsAttack(PluginSpec.parse(budget))
                .build();
    }

    @Test
    void aDefenseThatTrainsAgainstNoAttackTakesNone() {
        refused(
                "\"plain\" trains against no attack",
                () ->
                        engine.trainer()
                                .train(
                                        TrainingRequest.builder(
                                                        new NetworkSource.Untrained("linear"),
                                                        DatasetSpec.of("blobs", Split.TRAIN),
                                                        PluginSpec.of("plain"),
                                                        "net")
                                                .optAttack(PluginSpec.of("nearest"))
                                                .build()));
    }

    @Test
    void theLearningRateFallsWithinTheTraining() {
        TrainingRequest.Builder request =
                TrainingRequest.builder(network, TEST, PluginSpec.of("plain"), "net").optEpochs(3);
        refused("at epoch 4 of 3", () -> request.optDecayEpochs(List.of(2, 4)).build());
        refused("at epoch 0 of 3", () -> request.optDecayEpochs(List.of(0)).build());
    }

    @Test
    void nothingMayFollowAColonButParameters() {
        for (String text : List.of("sign:", "sign:,", "sign:epsilon", "sign:epsilon=1,", ":a=1")) {
            refused("does not name a plug-in", () -> PluginSpec.parse(text));
        }
        refused(
                "\"relativeStep\" twice",
                () -> PluginSpec.parse("sign:relative-step=1,relativeStep=2"));
    }
}
