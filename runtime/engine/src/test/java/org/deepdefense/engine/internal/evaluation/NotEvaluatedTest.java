// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Dataset;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.Brighten;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images on which gradients are NaN count neither as robust nor as fooled. */
@Timeout(120)
class NotEvaluatedTest {

    private static final int SIZE = 90;
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private TestEngine engine;
    private NetworkSource network;

    /**
     * A linear model of what inputs have above 0, by way of a root whose derivative is NaN at 0.
     */
    private static final class Rooted implements ModelProvider {

        @Override
        public Shape inputShape() {
            return Blobs.SHAPE;
        }

        @Override
        public int classes() {
            return 3;
        }

        @Override
        public Block newBlock() {
            return new SequentialBlock()
                    .add(
                            list -> {
                                NDArray x = list.singletonOrThrow();
                                NDArray above = x.gt(0).toType(DataType.FLOAT32, false);
                                return new NDList(x.mul(above).square().sqrt());
                            })
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(3).build());
        }
    }

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("brighten", new Brighten());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.model("rooted", new Rooted());
        engine.dataset("blobs", new Blobs(SIZE));
        network = new LinearWeights(1).save("rooted", home.resolve("rooted.npz"));
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

    /** Tells which images have a pixel whose input is not above 0. */
    private static boolean[] dark() throws IOException {
        Dataset dataset = new Blobs(SIZE).open(Split.TEST, null);
        boolean[] dark = new boolean[SIZE];
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int i = 0; i < SIZE; i++) {
                float least = dataset.images(manager, i).min().getFloat();
                dark[i] = LinearWeights.SCALE * least - LinearWeights.MEAN <= 0;
            }
        }
        return dark;
    }

    private static long count(AttackResult row, Predicate<SampleResult> kind) {
        return row.images().stream().filter(SampleResult::isCorrect).filter(kind).count();
    }

    @Test
    void theyAreCountedAndWarnedOf() throws Exception {
        EvaluationResult result = evaluate(request("sign:epsilon=0.05"));
        AttackResult row = result.overall();
        boolean[] dark = dark();
        row.images()
                .forEach(
                        image ->
                                assertEquals(
                                        !(image.attacked() && dark[image.index()]),
                                        image.finiteGradients()));

        long unknown = count(row, image -> dark[image.index()] && !image.success());
        assertTrue(unknown > 5, unknown + " not evaluated");
        assertEquals(unknown, row.notEvaluated());
        long robust = count(row, image -> !dark[image.index()] && !image.success());
        assertEquals(robust / (double) SIZE, row.robustAccuracy());
        assertEquals(
                result.accuracy(),
                row.robustAccuracy() + (row.successRate() * row.attacked() + unknown) / SIZE,
                1e-9);
        long met = row.images().stream().filter(image -> !image.finiteGradients()).count();
        assertEquals(
                1,
                result.warnings().stream()
                        .filter(w -> w.contains("not finite numbers"))
                        .filter(w -> w.contains(met + " of " + SIZE + " images under sign"))
                        .count(),
                result.warnings().toString());
    }

    @Test
    void theyAreLeftOutOfTheSizes() throws Exception {
        AttackResult row = evaluate(request("sign:epsilon=0.15")).overall();
        double mean =
                row.images().stream()
                        .filter(image -> image.isEvaluated() && image.index() != Blobs.BLACK)
                        .mapToDouble(SampleResult::rho2)
                        .average()
                        .orElseThrow();
        assertEquals(mean, row.rho2(), 1e-12);
        long evaluated = count(row, SampleResult::isEvaluated);
        long fooled = count(row, SampleResult::success);
        assertTrue(fooled > 0.15 * evaluated, fooled + " fooled of " + evaluated);
        assertTrue(Double.isFinite(row.size().p10()));
    }

    @Test
    void inAWorstCaseOneAttackThatEvaluatesAnImageIsEnough() throws Exception {
        EvaluationResult result = evaluate(request("sign:epsilon=0.05", "brighten:epsilon=0.05"));
        for (AttackResult worst : List.of(result.overall(), result.worstCases().get(0))) {
            assertEquals(0, worst.notEvaluated());
            IntStream.range(0, SIZE)
                    .forEach(
                            i ->
                                    assertEquals(
                                            result.attacks().stream()
                                                    .anyMatch(a -> a.images().get(i).success()),
                                            worst.images().get(i).success()));
        }
        AttackResult both =
                evaluate(request("sign:epsilon=0.05", "sign:epsilon=0.05,steps=2")).overall();
        assertEquals(result.attacks().get(0).notEvaluated(), both.notEvaluated());
    }

    @Test
    void theRestOfAnEnsembleAttacksThem() throws Exception {
        EvaluationResult result =
                evaluate(
                        request("sign:epsilon=0.05", "brighten:epsilon=0.05").toBuilder()
                                .optOptions(Option.ENSEMBLE)
                                .build());
        List<SampleResult> first = result.attacks().get(0).images();
        List<SampleResult> second = result.attacks().get(1).images();
        assertTrue(result.attacks().get(0).notEvaluated() > 0);
        IntStream.range(0, SIZE)
                .filter(i -> !first.get(i).isEvaluated())
                .forEach(i -> assertTrue(second.get(i).attacked() && second.get(i).isEvaluated()));
        assertEquals(0, result.overall().notEvaluated());
    }

    @Test
    void theCacheKeepsThem() throws Exception {
        EvaluationResult first = evaluate(request("sign:epsilon=0.05"));
        EvaluationResult second = evaluate(request("sign:epsilon=0.05"));
        assertEquals(SIZE, second.overall().cached());
        assertEquals(first.overall().images(), second.overall().images());
        assertEquals(first.warnings(), second.warnings());
    }

    @Test
    void aPictureSaysSo() throws Exception {
        AttackResult row = evaluate(request("sign:epsilon=0.05")).overall();
        List<Integer> all = IntStream.range(0, SIZE).boxed().toList();
        List<AttackedImage> pictures =
                engine.evaluator().attack(request("sign:epsilon=0.05"), all).await();
        for (SampleResult image : row.images()) {
            // To the network, the black image is of all classes alike.
            if (image.index() != Blobs.BLACK) {
                assertEquals(
                        image.isEvaluated(),
                        pictures.get(image.index()).evaluated(),
                        image.toString());
            }
        }
    }

    @Test
    void aTableRefusesToFindTheBudgetOfWhatItCantEvaluate() throws Exception {
        TableRequest request =
                TableRequest.builder(List.of(network), TEST)
                        .optRhoAttack(PluginSpec.of("nearest"))
                        .optFgsAttack(PluginSpec.of("sign"))
                        .build();
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> engine.evaluator().table(request).await())
                        .getMessage();
        assertTrue(message.contains("not finite numbers on"), message);
        assertTrue(message.contains("sign"), message);
    }
}
