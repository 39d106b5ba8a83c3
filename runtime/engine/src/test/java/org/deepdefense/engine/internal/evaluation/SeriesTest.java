// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.Brighten;
import org.deepdefense.engine.internal.fixture.Idle;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.Target;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several attacks and budgets in one evaluation. */
@Tag("slow")
@Timeout(120)
class SeriesTest {

    private static final int SIZE = 90;
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);
    private static final String NOISY = "sign:noise=true";

    @TempDir Path home;
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("brighten", new Brighten());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.attack("inside", new NearestBoundary((context, images) -> {}, Norm.L2, true));
        engine.attack("idle", new Idle());
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private EvaluationRequest request(String... attacks) {
        return EvaluationRequest.builder(
                        network,
                        TEST,
                        Arrays.stream(attacks).map(PluginSpec::parse).toArray(PluginSpec[]::new))
                .optBatchSize(20)
                .optOptions(Option.IMAGES)
                .build();
    }

    private EvaluationResult evaluate(EvaluationRequest request) throws InterruptedException {
        return engine.evaluator().evaluate(request).await();
    }

    private static long standing(AttackResult row) {
        return row.images().stream().filter(i -> i.isCorrect() && !i.success()).count();
    }

    @Test
    void theRecordOfTheJobHasTheFiguresWithoutTheImages() throws Exception {
        EvaluationResult result = evaluate(request("sign"));
        assertEquals(SIZE, result.overall().images().size());
        try (Stream<Path> records = Files.list(home.resolve("jobs"))) {
            Path record =
                    records.filter(file -> file.toString().endsWith(".json"))
                            .reduce((a, b) -> null)
                            .orElseThrow();
            JsonObject kept =
                    JsonParser.parseString(Files.readString(record))
                            .getAsJsonObject()
                            .getAsJsonObject("result");
            assertEquals(result.accuracy(), kept.get("accuracy").getAsDouble());
            JsonObject row = kept.getAsJsonArray("attacks").get(0).getAsJsonObject();
            assertEquals(result.robustAccuracy(), row.get("robustAccuracy").getAsDouble());
            assertTrue(row.getAsJsonArray("images").isEmpty());
            assertTrue(kept.has("provenance"));
        }
    }

    @Test
    void anAttackWithABudgetIsRunWithEach() throws Exception {
        EvaluationResult both =
                evaluate(request("sign").toBuilder().optEpsilons(List.of(0.2, 0.05)).build());

        assertEquals(2, both.attacks().size());
        for (int i = 0; i < 2; i++) {
            double epsilon = i == 0 ? 0.05 : 0.2;
            AttackResult row = both.attacks().get(i);
            assertEquals(OptionalDouble.of(epsilon), row.epsilon());
            AttackResult alone = evaluate(request("sign:epsilon=" + epsilon)).overall();
            assertTrue(alone.images().equals(row.images()));
            assertEquals("sign", row.attack());
        }
        assertEquals(both.attacks().get(1).robustAccuracy(), both.robustAccuracy());
        assertEquals("0.05, 0.2", both.provenance().settings().get("epsilons"));
        assertEquals("0.2", both.provenance().plugins().get("attack2").parameters().get("epsilon"));
    }

    @Test
    void aMinimumNormAttackIsRunOnceAndCountedUpToEachBudget() throws Exception {
        List<Double> budgets = List.of(0.05, 0.1, 0.2);
        EvaluationResult result =
                evaluate(request("nearest").toBuilder().optEpsilons(budgets).build());
        AttackResult plain = evaluate(request("nearest")).overall();

        assertEquals(4, result.attacks().size());
        assertTrue(plain.images().equals(result.attacks().get(0).images()));
        assertEquals(1, result.attacks().get(0).successRate());
        double last = 1;
        for (int i = 0; i < 3; i++) {
            double budget = budgets.get(i);
            AttackResult row = result.attacks().get(i + 1);
            List<SampleResult> correct =
                    plain.images().stream().filter(SampleResult::isCorrect).toList();
            long within = correct.stream().filter(s -> s.norm(Norm.L2) <= budget).count();
            long robust = correct.stream().filter(s -> s.norm(Norm.L2) > budget).count();
            assertTrue(correct.size() < SIZE);
            assertEquals(correct.size(), row.attacked());
            assertEquals(within / (double) correct.size(), row.successRate());
            assertEquals(robust / (double) SIZE, row.robustAccuracy());
            assertTrue(row.robustAccuracy() < last);
            last = row.robustAccuracy();
        }
        assertEquals(last, result.robustAccuracy());
        assertTrue(last > 0);
    }

    @Test
    void theWorstCaseIsTakenImageByImage() throws Exception {
        EvaluationResult result =
                evaluate(
                        request("brighten:only=0", "brighten:only=1").toBuilder()
                                .optEpsilons(List.of(0.1, 0.25))
                                .build());

        assertEquals(2, result.worstCases().size());
        for (AttackResult worst : result.worstCases()) {
            double budget = worst.epsilon().orElseThrow();
            List<AttackResult> members =
                    result.attacks().stream()
                            .filter(row -> row.epsilon().orElseThrow() <= budget)
                            .toList();
            for (int i = 0; i < SIZE; i++) {
                int image = i;
                assertEquals(
                        members.stream().anyMatch(m -> m.images().get(image).success()),
                        worst.images().get(i).success());
            }
            for (AttackResult member : members) {
                assertTrue(worst.robustAccuracy() <= member.robustAccuracy());
            }
            assertEquals(
                    members.stream().mapToDouble(AttackResult::forwardsPerSample).sum(),
                    worst.forwardsPerSample(),
                    1e-9);
        }
        AttackResult largest = result.worstCases().get(1);
        assertTrue(
                standing(largest) < standing(result.attacks().get(1))
                        && standing(largest) < standing(result.attacks().get(3)),
                "neither attack is the worst for all images");
        assertTrue(largest.equals(result.overall()));
        assertEquals("worst case", result.overall().attack());
    }

    @Test
    void budgetsCountInTheNormOfTheAttack() throws Exception {
        EvaluationResult result =
                evaluate(
                        request("sign", "inside", "idle").toBuilder()
                                .optEpsilons(List.of(0.1))
                                .build());

        assertEquals(
                List.of(Optional.of(Norm.L2), Optional.of(Norm.LINF)),
                result.worstCases().stream().map(AttackResult::norm).toList());
        assertEquals(
                result.attacks().get(2).robustAccuracy(),
                result.worstCases().get(0).robustAccuracy());
        assertEquals(
                result.attacks().get(0).robustAccuracy(),
                result.worstCases().get(1).robustAccuracy());
        assertEquals(Optional.empty(), result.overall().norm());
        assertTrue(
                result.robustAccuracy()
                        <= Math.min(
                                result.worstCases().get(0).robustAccuracy(),
                                result.worstCases().get(1).robustAccuracy()));
        assertEquals(Optional.empty(), result.attacks().get(3).norm());
        assertEquals(result.accuracy(), result.attacks().get(3).robustAccuracy());
        assertEquals(
                "The budgets count in different norms (L2: inside; L∞: sign; no norm: idle):"
                        + " compare the attacks of one norm only",
                result.warnings().get(0));
        assertEquals(1, result.warnings().size());
    }

    @Test
    void whatLeavesTheBoundsHasNoSayInTheWorstCase() throws Exception {
        EvaluationResult inside =
                evaluate(request("inside").toBuilder().optEpsilons(List.of(0.1)).build());
        EvaluationResult both =
                evaluate(
                        request("inside", "nearest").toBuilder().optEpsilons(List.of(0.1)).build());

        assertEquals(List.of(), inside.warnings());
        assertTrue(inside.overall().images().equals(both.overall().images()));
        assertTrue(inside.overall().images().equals(both.worstCases().get(0).images()));
        assertTrue(both.attacks().get(3).robustAccuracy() <= both.robustAccuracy());
        assertTrue(
                both.warnings().get(0).startsWith("What nearest returns may leave the bounds")
                        && both.warnings().get(0).contains("does not count"),
                both.warnings().toString());
        EvaluationResult twoNorms =
                evaluate(request("sign", "nearest").toBuilder().optEpsilons(List.of(0.1)).build());
        assertTrue(
                twoNorms.warnings().get(1).contains("the worst case may leave them, too"),
                twoNorms.warnings().toString());
        String refused =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        evaluate(
                                                request("inside", "nearest").toBuilder()
                                                        .optOptions(Option.ENSEMBLE)
                                                        .build()))
                        .getMessage();
        assertTrue(refused.contains("nearest would take images from the others"), refused);
    }

    @Test
    void anEnsembleAttacksWhatIsStillStandingAndComesToTheSame() throws Exception {
        EvaluationRequest separate =
                request(NOISY, "brighten", "sign").toBuilder()
                        .optEpsilons(List.of(0.1, 0.25))
                        .build();
        EvaluationResult all = evaluate(separate);
        EvaluationResult ensemble =
                evaluate(separate.toBuilder().optOptions(Option.ENSEMBLE).build());

        assertEquals(6, ensemble.attacks().size());
        long left = Math.round(ensemble.accuracy() * SIZE);
        for (AttackResult row : ensemble.attacks()) {
            assertEquals(left, row.attacked());
            left = standing(row);
            assertEquals(left / (double) SIZE, row.robustAccuracy());
        }
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    all.worstCases().get(i).robustAccuracy(),
                    ensemble.worstCases().get(i).robustAccuracy());
        }
        assertEquals(left / (double) SIZE, ensemble.robustAccuracy());
        assertEquals("true", ensemble.provenance().settings().get("ensemble"));
    }

    @Test
    void anEnsembleCountsAMinimumNormAttackUpToTheBudget() throws Exception {
        engine.attack(
                "nearest-linf", new NearestBoundary((context, images) -> {}, Norm.LINF, true));
        EvaluationRequest separate =
                request("brighten", "nearest-linf").toBuilder()
                        .optEpsilons(List.of(0.05, 0.1))
                        .build();
        EvaluationResult all = evaluate(separate);
        EvaluationResult ensemble =
                evaluate(separate.toBuilder().optOptions(Option.ENSEMBLE).build());

        for (int i = 0; i < 2; i++) {
            assertEquals(
                    all.worstCases().get(i).robustAccuracy(),
                    ensemble.worstCases().get(i).robustAccuracy());
            assertEquals(
                    ensemble.worstCases().get(i).robustAccuracy(),
                    ensemble.attacks().get(2 * i + 1).robustAccuracy());
        }
        EvaluationResult own =
                evaluate(
                        request("brighten:epsilon=0.1", "nearest-linf").toBuilder()
                                .optOptions(Option.ENSEMBLE)
                                .build());
        assertEquals(all.worstCases().get(1).robustAccuracy(), own.robustAccuracy());
    }

    /** What falls to the first member at 0.25 would say nothing of a budget of 0.05, or of L2. */
    @Test
    void anEnsembleOfSeveralBudgetsHasOneWorstCase() throws Exception {
        for (EvaluationRequest mixed :
                List.of(
                        request("sign:epsilon=0.25", "brighten:epsilon=0.05"),
                        request("sign:epsilon=0.1", "inside"),
                        request("sign:epsilon=0.1", "idle"))) {
            EvaluationResult all = evaluate(mixed);
            EvaluationResult ensemble =
                    evaluate(mixed.toBuilder().optOptions(Option.ENSEMBLE).build());
            assertEquals(List.of(), ensemble.worstCases());
            assertEquals(all.robustAccuracy(), ensemble.robustAccuracy());
            assertEquals(
                    all.robustAccuracy(),
                    ensemble.attacks().get(ensemble.attacks().size() - 1).robustAccuracy());
        }
        EvaluationRequest alike = request("sign:epsilon=0.1", "brighten:epsilon=0.1");
        List<AttackResult> worst =
                evaluate(alike.toBuilder().optOptions(Option.ENSEMBLE).build()).worstCases();
        assertEquals(1, worst.size());
        assertEquals(evaluate(alike).robustAccuracy(), worst.get(0).robustAccuracy());
    }

    @Test
    void theWorstCaseOfSeveralAttacksIsOverTheSameImages() throws Exception {
        EvaluationResult result =
                evaluate(request("sign", "inside").toBuilder().optEpsilons(List.of(0.1)).build());
        for (AttackResult row : result.attacks()) {
            assertEquals(Math.round(result.accuracy() * SIZE), row.attacked());
        }
        assertEquals(Math.round(result.accuracy() * SIZE), result.overall().attacked());
        assertEquals(
                (result.accuracy() - result.robustAccuracy()) / result.accuracy(),
                result.successRate(),
                1e-12);
    }

    @Test
    void roundingCanOnlySaveAnImage() throws Exception {
        List<Double> budgets = List.of(0.02, 0.05, 0.1, 0.2);
        EvaluationRequest plain =
                request("sign", "brighten").toBuilder().optEpsilons(budgets).build();
        EvaluationResult before = evaluate(plain);
        EvaluationResult after = evaluate(plain.toBuilder().optOptions(Option.EIGHT_BIT).build());
        for (int i = 0; i < before.attacks().size(); i++) {
            for (int image = 0; image < SIZE; image++) {
                assertTrue(
                        before.attacks().get(i).images().get(image).success()
                                || !after.attacks().get(i).images().get(image).success());
            }
        }
    }

    @Test
    void aTargetIsReachedOrTheAttackHasFailed() throws Exception {
        EvaluationRequest plain = request("sign:epsilon=0.1");
        for (String aim : List.of("next", "least-likely", "random", "2")) {
            EvaluationResult result =
                    evaluate(plain.toBuilder().optTarget(Target.parse(aim)).build());
            assertEquals(aim, result.provenance().settings().get("target"));
            assertTrue(result.successRate() > 0.02 && result.successRate() < 0.98, aim);
            for (SampleResult image : result.overall().images()) {
                if (!image.isCorrect()) {
                    continue;
                }
                boolean spared = aim.equals("2") && image.label() == 2;
                assertEquals(!spared, image.attacked(), aim);
                if (spared) {
                    assertFalse(image.success());
                }
                if (image.success()) {
                    assertTrue(image.adversarialPrediction() != image.label());
                    if (aim.equals("next")) {
                        assertEquals((image.label() + 1) % 3, image.adversarialPrediction());
                    }
                    if (aim.equals("2")) {
                        assertEquals(2, image.adversarialPrediction());
                    }
                }
            }
        }
        String refused =
                assertThrows(
                                DeepDefenseException.class,
                                () -> evaluate(plain.toBuilder().optTarget(Target.of(3)).build()))
                        .getMessage();
        assertTrue(refused.contains("no class 3") && refused.contains("0 to 2"), refused);
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        for (Map.Entry<EvaluationRequest, String> wrong :
                Map.of(
                                request("sign", "nearest").toBuilder()
                                        .optEpsilons(List.of(0.1))
                                        .optOptions(Option.ENSEMBLE)
                                        .build(),
                                "L2: nearest; L∞: sign",
                                request("sign:epsilon=0.2").toBuilder()
                                        .optEpsilons(List.of(0.1))
                                        .build(),
                                "given twice",
                                request("idle").toBuilder().optEpsilons(List.of(0.1)).build(),
                                "No norm measures what idle does",
                                request("sign").toBuilder().optEpsilons(List.of(1.5)).build(),
                                "\"1.5\" is not allowed",
                                request("sign", "idle").toBuilder()
                                        .optOptions(Option.TIGHTEN)
                                        .build(),
                                "nothing to tighten in what sign, idle returns")
                        .entrySet()) {
            String message =
                    assertThrows(
                                    DeepDefenseException.class,
                                    () -> engine.evaluator().evaluate(wrong.getKey()))
                            .getMessage();
            assertTrue(message.contains(wrong.getValue()), message);
        }
        assertThrows(DeepDefenseException.class, this::request);
        assertThrows(
                DeepDefenseException.class,
                () -> request("sign").toBuilder().optEpsilons(List.of(-0.1)).build());
    }

    @Test
    void anAttackThatSeesLessAndDoesMoreIsSuspicious() throws Exception {
        EvaluationRequest masked =
                request(NOISY, "brighten").toBuilder().optEpsilons(List.of(0.25)).build();
        List<String> warnings = evaluate(masked).warnings();
        assertEquals(1, warnings.size(), "" + warnings);
        assertTrue(warnings.get(0).startsWith("brighten, which uses no gradients, leaves"));
        assertEquals(
                1,
                evaluate(masked.toBuilder().optOptions(Option.ENSEMBLE).build()).warnings().size());

        EvaluationRequest honest =
                request("sign", "brighten").toBuilder().optEpsilons(List.of(0.25)).build();
        assertEquals(List.of(), evaluate(honest).warnings());
        assertEquals(
                List.of(),
                evaluate(honest.toBuilder().optOptions(Option.ENSEMBLE).build()).warnings());
    }

    @Test
    void aLineSearchTakesTheOvershootBack() throws Exception {
        AttackResult loose = evaluate(request("nearest")).overall();
        EvaluationResult result =
                evaluate(request("nearest").toBuilder().optOptions(Option.TIGHTEN).build());
        AttackResult tight = result.overall();

        assertEquals(1, tight.successRate());
        assertEquals("true", result.provenance().settings().get("tighten"));
        assertEquals(loose.forwardsPerSample() + 10, tight.forwardsPerSample());
        IntStream.range(0, SIZE)
                .forEach(
                        i -> {
                            SampleResult image = tight.images().get(i);
                            double distance =
                                    loose.images().get(i).norm(Norm.L2) / NearestBoundary.OVERSHOOT;
                            assertTrue(image.success());
                            assertEquals(1.0006, image.norm(Norm.L2) / distance, 0.0007);
                        });
        assertFalse(loose.images().equals(tight.images()));
    }
}
