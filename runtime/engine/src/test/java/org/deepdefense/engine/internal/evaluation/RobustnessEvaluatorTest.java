// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Dataset;
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
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.Target;
import org.deepdefense.job.Job;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(60)
class RobustnessEvaluatorTest {

    private static final int SIZE = 90;
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);
    private static final PluginSpec NEAREST = PluginSpec.of("nearest");

    @TempDir Path home;
    private final LinearWeights weights = new LinearWeights(1);
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = start(2);
        network = weights.save("linear", home.resolve("linear.npz"));
    }

    private TestEngine start(int threads) {
        TestEngine started =
                new TestEngine(home, Map.of("deepdefense.threads", Integer.toString(threads)));
        started.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        started.attack("nearest", new NearestBoundary((context, images) -> {}));
        started.model("linear", new LinearModel());
        started.dataset("blobs", new Blobs(SIZE));
        return started;
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private EvaluationResult evaluate(PluginSpec attack) throws InterruptedException {
        return engine.evaluator()
                .evaluate(
                        EvaluationRequest.builder(network, TEST, attack)
                                .optOptions(Option.IMAGES)
                                .build())
                .await();
    }

    /** Returns the pixels of all images. */
    private static float[][] images() throws IOException {
        Dataset dataset = new Blobs(SIZE).open(Split.TEST, null);
        try (NDManager manager = NDManager.newBaseManager()) {
            return IntStream.range(0, SIZE)
                    .mapToObj(i -> dataset.images(manager, i).toFloatArray())
                    .toArray(float[][]::new);
        }
    }

    private static double[] asDoubles(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private double accuracy() throws IOException {
        float[][] images = images();
        return IntStream.range(0, SIZE).filter(i -> isCorrect(images, i)).count() / (double) SIZE;
    }

    private boolean isCorrect(float[][] images, int index) {
        return weights.predict(weights.input(images[index])) == index % 3;
    }

    @Test
    void aLinearNetworkIsMeasuredExactly() throws Exception {
        EvaluationResult result = evaluate(NEAREST);

        float[][] images = images();
        double overshoot = NearestBoundary.OVERSHOOT;
        double[] distances =
                Arrays.stream(images)
                        .mapToDouble(x -> overshoot * weights.distance(weights.input(x)))
                        .toArray();
        double rho =
                IntStream.range(0, SIZE)
                        .filter(i -> i != Blobs.BLACK)
                        .mapToDouble(
                                i -> distances[i] / LinearWeights.norm(weights.input(images[i])))
                        .average()
                        .orElseThrow();
        double rhoPixels =
                IntStream.range(0, SIZE)
                        .filter(i -> i != Blobs.BLACK)
                        .mapToDouble(
                                i ->
                                        distances[i]
                                                / LinearWeights.SCALE
                                                / LinearWeights.norm(asDoubles(images[i])))
                        .average()
                        .orElseThrow();
        double[] pixelNorms =
                IntStream.range(0, SIZE)
                        .filter(i -> isCorrect(images, i))
                        .mapToDouble(i -> distances[i] / LinearWeights.SCALE)
                        .sorted()
                        .toArray();
        int correct = pixelNorms.length;
        assertEquals(rho, result.rho2(), 1e-5);
        assertEquals(rhoPixels, result.overall().rho2Pixels(), 1e-5);
        assertEquals(1, result.overall().rho2Excluded());
        assertEquals(accuracy(), result.accuracy(), 1e-12);
        assertTrue(result.accuracy() > 0.6 && result.accuracy() < 1, "" + result.accuracy());
        assertEquals(correct, result.overall().attacked());
        assertTrue(result.overall().images().stream().allMatch(SampleResult::attacked));
        assertEquals(1, result.successRate());
        assertEquals(0, result.robustAccuracy());
        assertEquals(
                DoubleStream.of(pixelNorms).average().orElseThrow(),
                result.overall().size().mean(),
                1e-5);
        assertEquals(
                (pixelNorms[(correct - 1) / 2] + pixelNorms[correct / 2]) / 2,
                result.overall().size().median(),
                1e-5);
        double[] ratios =
                IntStream.range(0, SIZE)
                        .filter(i -> isCorrect(images, i) && i != Blobs.BLACK)
                        .mapToDouble(
                                i -> distances[i] / LinearWeights.norm(weights.input(images[i])))
                        .sorted()
                        .toArray();
        assertEquals(
                (ratios[(ratios.length - 1) / 2] + ratios[ratios.length / 2]) / 2,
                result.overall().rho2Sizes().median(),
                1e-5);
        assertEquals(Optional.of(Norm.L2), result.overall().norm());
        assertEquals(1, result.overall().forwardsPerSample());
        assertEquals(3, result.overall().backwardsPerSample());
        assertEquals(List.of(), result.warnings());
        assertEquals("nearest", result.provenance().plugins().get("attack").name());
        assertEquals("linear", result.provenance().plugins().get("model").name());
        assertEquals("sha256:blobs290", result.provenance().dataset().checksum());
    }

    @Test
    void aBudgetAttackSparesWhatIsWrongAlready() throws Exception {
        EvaluationResult result = evaluate(PluginSpec.parse("sign:epsilon=0.1"));
        int correct = (int) Math.round(result.accuracy() * SIZE);
        assertEquals(correct, result.overall().attacked());
        assertTrue(result.successRate() > 0.05 && result.successRate() < 0.95);
        assertEquals(
                (correct - Math.round(result.successRate() * correct)) / (double) SIZE,
                result.robustAccuracy(),
                1e-12);
        assertEquals(1, result.overall().forwardsPerSample());
        assertEquals(Optional.of(Norm.LINF), result.overall().norm());
        EvaluationResult none = evaluate(PluginSpec.parse("sign:epsilon=0"));
        assertEquals(none.accuracy(), none.robustAccuracy());
        assertEquals(0, none.rho2());
    }

    @Test
    void failuresCountAsInfiniteInTheMedian() throws Exception {
        EvaluationResult result = evaluate(PluginSpec.parse("sign:epsilon=0.001"));
        assertTrue(result.successRate() < 0.5);
        assertEquals(Double.POSITIVE_INFINITY, result.overall().size().median());
        assertEquals(
                0.1, evaluate(PluginSpec.parse("sign:epsilon=0.1")).overall().size().mean(), 1e-6);
    }

    @Test
    void theResultDoesNotDependOnThreadsOrBatches() throws Exception {
        PluginSpec noisy = PluginSpec.parse("sign:epsilon=0.2,noise=true");
        EvaluationRequest request =
                EvaluationRequest.builder(network, TEST, noisy)
                        .optSeed(3)
                        .optBatchSize(7)
                        .optOptions(Option.NO_CACHE)
                        .build();
        EvaluationResult first = engine.evaluator().evaluate(request).await();
        TestEngine other = start(1);
        EvaluationResult second = other.evaluator().evaluate(request).await();
        EvaluationResult third =
                other.evaluator().evaluate(request.toBuilder().optBatchSize(64).build()).await();
        EvaluationResult fourth =
                other.evaluator().evaluate(request.toBuilder().optSeed(4).build()).await();
        other.stop();
        assertEquals(first.rho2(), second.rho2());
        assertEquals(first.successRate(), second.successRate());
        assertEquals(first.rho2(), third.rho2(), 1e-6);
        assertEquals(first.successRate(), third.successRate());
        assertTrue(first.rho2() != fourth.rho2());
    }

    @Test
    void anAttackThatIsRemovedEndsItsJobAndNoOther() throws Exception {
        AtomicReference<Runnable> unregister = new AtomicReference<>();
        CountDownLatch removed = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        unregister.set(
                engine.attack(
                        "leaving",
                        new NearestBoundary(
                                (context, images) -> {
                                    unregister.get().run();
                                    removed.countDown();
                                })));
        engine.attack(
                "staying",
                new NearestBoundary(
                        (context, images) -> {
                            running.countDown();
                            await(removed);
                        }));
        Job<EvaluationResult> other =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(network, TEST, PluginSpec.of("staying"))
                                        .build());
        await(running);
        Job<EvaluationResult> job =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(network, TEST, PluginSpec.of("leaving"))
                                        .build());
        String message = assertThrows(DeepDefenseException.class, job::await).getMessage();
        assertTrue(
                message.contains("\"leaving\"") && message.contains("was removed while in use"),
                message);
        assertEquals(1, other.await().successRate());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAttackThatThrowsIsNamed() {
        engine.attack(
                "broken",
                new NearestBoundary(
                        (context, images) -> {
                            throw new IllegalStateException("no idea");
                        }));
        String message =
                assertThrows(DeepDefenseException.class, () -> evaluate(PluginSpec.of("broken")))
                        .getMessage();
        for (String part : List.of("broken", "IllegalStateException", "no idea")) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aLongAttackIsCancelledWithinASecond() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        engine.attack("endless", new NearestBoundary((context, images) -> endless(context, begun)));
        Job<EvaluationResult> job =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(network, TEST, PluginSpec.of("endless"))
                                        .build());
        await(begun);
        long start = System.nanoTime();
        job.cancel();
        assertThrows(CancellationException.class, job::await);
        assertTrue(System.nanoTime() - start < 1e9);
    }

    private static void endless(AttackContext<?> context, CountDownLatch begun) {
        begun.countDown();
        while (true) {
            context.checkCancelled();
            Thread.onSpinWait();
        }
    }

    @Test
    void wrongRequestsAreRefusedBeforeTheyBecomeJobs() {
        for (EvaluationRequest request :
                List.of(
                        EvaluationRequest.builder(network, TEST, PluginSpec.of("nothing")).build(),
                        EvaluationRequest.builder(
                                        network, DatasetSpec.of("nothing", Split.TEST), NEAREST)
                                .build(),
                        EvaluationRequest.builder(new NetworkSource.Saved("nothing"), TEST, NEAREST)
                                .build(),
                        EvaluationRequest.builder(
                                        new NetworkSource.Weights("nothing", home), TEST, NEAREST)
                                .build(),
                        EvaluationRequest.builder(
                                        new NetworkSource.ModelFile(Path.of("nothing.pt")),
                                        TEST,
                                        NEAREST)
                                .build(),
                        EvaluationRequest.builder(network, TEST, NEAREST)
                                .optBatchSize(0)
                                .build())) {
            String message =
                    assertThrows(
                                    DeepDefenseException.class,
                                    () -> engine.evaluator().evaluate(request))
                            .getMessage();
            assertTrue(message.contains("nothing") || message.contains("batch of 0"), message);
        }
        assertEquals(List.of(), engine.jobs().list());
    }

    @Test
    void aDataSetOfAnotherShapeIsRefusedWithBothShapes() {
        engine.dataset("wide", new Blobs(SIZE, new Shape(1, 2, 4)));
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        engine.evaluator()
                                                .evaluate(
                                                        EvaluationRequest.builder(
                                                                        network,
                                                                        DatasetSpec.of(
                                                                                "wide", Split.TEST),
                                                                        NEAREST)
                                                                .build())
                                                .await())
                        .getMessage();
        assertTrue(message.contains("(1, 2, 3)") && message.contains("(1, 2, 4)"), message);
    }

    /** A linear model with something behind it. */
    private record Followed(UnaryOperator<NDList> end) implements ModelProvider {

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
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(3).build())
                    .add(end);
        }
    }

    private List<String> warnings(String name, LinearWeights values, UnaryOperator<NDList> end)
            throws Exception {
        engine.model(name, new Followed(end));
        network = values.save(name, home.resolve("followed.npz"));
        return evaluate(PluginSpec.of("sign")).warnings();
    }

    @Test
    void doubtfulNetworksAreWarnedAbout() throws Exception {
        List<String> probabilities =
                warnings("sure", weights, logits -> new NDList(logits.head().softmax(1)));
        assertEquals(1, probabilities.size());
        assertTrue(probabilities.get(0).contains("look like probabilities"));

        List<String> blind = warnings("blind", new LinearWeights(0), logits -> logits);
        assertEquals(1, blind.size());
        assertTrue(blind.get(0).contains("gradient masking"));

        List<String> random =
                warnings(
                        "random",
                        weights,
                        logits ->
                                new NDList(
                                        logits.head()
                                                .add(
                                                        logits.head()
                                                                .getManager()
                                                                .randomNormal(
                                                                        logits.head()
                                                                                .getShape()))));
        assertEquals(1, random.size());
        assertTrue(random.get(0).contains("differ from call to call"));
    }

    @Test
    void singleImagesAreAttackedWhateverTheirClass() throws Exception {
        float[][] images = images();
        int wrong =
                IntStream.range(0, SIZE)
                        .filter(i -> !isCorrect(images, i))
                        .findFirst()
                        .orElseThrow();
        EvaluationRequest request =
                EvaluationRequest.builder(network, TEST, PluginSpec.of("nearest")).build();
        List<AttackedImage> results = engine.evaluator().attack(request, List.of(wrong, 4)).await();
        assertEquals(List.of(wrong, 4), results.stream().map(AttackedImage::index).toList());
        for (AttackedImage image : results) {
            double[] input = weights.input(images[image.index()]);
            assertEquals(weights.predict(input), image.prediction());
            assertTrue(image.adversarialPrediction() != image.prediction());
            assertTrue(image.success());
            double distance = NearestBoundary.OVERSHOOT * weights.distance(input);
            assertEquals(distance / LinearWeights.norm(input), image.rho2(), 1e-5);
            assertEquals(distance / LinearWeights.SCALE, image.norms().get(Norm.L2), 1e-5);
            assertEquals(images[image.index()][5], image.clean().pixel(0, 1, 2));
            assertEquals(List.of("left", "middle", "right").get(image.label()), image.labelName());
        }
        assertTrue(results.get(0).label() != results.get(0).prediction());

        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> engine.evaluator().attack(request, List.of(SIZE)).await())
                        .getMessage();
        assertTrue(message.contains("no image " + SIZE) && message.contains("0 to 89"), message);
    }

    @Test
    void anImageOfTheTargetIsNotFooled() throws Exception {
        float[][] images = images();
        int right =
                IntStream.range(0, SIZE)
                        .filter(i -> isCorrect(images, i))
                        .findFirst()
                        .orElseThrow();
        AttackedImage image =
                engine.evaluator()
                        .attack(
                                EvaluationRequest.builder(network, TEST, NEAREST)
                                        .optTarget(Target.of(right % 3))
                                        .build(),
                                List.of(right))
                        .await()
                        .get(0);
        assertEquals(image.label(), image.adversarialPrediction());
        assertFalse(image.success());
    }

    @Test
    void singleImagesAreLookedForInThePartAskedFor() {
        EvaluationRequest request =
                EvaluationRequest.builder(network, TEST.withLimit(5), PluginSpec.of("nearest"))
                        .build();
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> engine.evaluator().attack(request, List.of(5)).await())
                        .getMessage();
        assertTrue(message.contains("the part asked for") && message.contains("0 to 4"), message);
    }

    @Test
    void optionsThatChangeNothingForSingleImagesAreRefused() {
        EvaluationRequest request =
                EvaluationRequest.builder(network, TEST, PluginSpec.of("nearest")).build();
        for (EvaluationRequest wrong :
                List.of(
                        request.toBuilder().optOptions(Option.EIGHT_BIT).build(),
                        request.toBuilder().optOptions(Option.TIGHTEN).build(),
                        request.toBuilder().optOptions(Option.ENSEMBLE).build(),
                        request.toBuilder().optEpsilons(List.of(0.1)).build())) {
            assertThrows(
                    DeepDefenseException.class,
                    () -> engine.evaluator().attack(wrong, List.of(0)),
                    wrong.toString());
        }
    }

    @Test
    void aTableHasTheReferenceBudgetOfTheLastNetwork() throws Exception {
        NetworkSource weaker = new LinearWeights(0.5).save("linear", home.resolve("weaker.npz"));
        RobustnessTable table =
                engine.evaluator()
                        .table(
                                TableRequest.builder(List.of(weaker, network), TEST)
                                        .optRhoAttack(NEAREST)
                                        .optFgsAttack(PluginSpec.of("sign"))
                                        .build())
                        .await();
        RobustnessTable.Row row = table.rows().get(1);
        EvaluationResult direct = evaluate(NEAREST);
        assertEquals(SIZE, table.samples());
        assertEquals(direct.rho2(), row.rho2());
        assertEquals(direct.accuracy(), row.accuracy());
        assertEquals(0.5, row.accuracyAt().get(2), 0.02);
        for (int i = 0; i < 3; i++) {
            double epsilon = RobustnessTable.FRACTIONS.get(i) * table.epsilonRef();
            assertEquals(
                    evaluate(PluginSpec.of("sign").with("epsilon", "" + epsilon)).robustAccuracy(),
                    row.accuracyAt().get(i));
        }
        // Half the weights, the same boundaries.
        assertEquals(row.rho2(), table.rows().get(0).rho2(), 1e-5);
        assertEquals("linear (weaker.npz)", table.rows().get(0).network());
    }

    @Test
    void aTableNeedsAnAttackWithABudgetAndANetworkThatIsRight() throws Exception {
        assertTrue(
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        engine.evaluator()
                                                .table(
                                                        TableRequest.builder(List.of(network), TEST)
                                                                .optRhoAttack(NEAREST)
                                                                .optFgsAttack(NEAREST)
                                                                .build()))
                        .getMessage()
                        .contains("\"nearest\" has no budget"));
        NetworkSource blind = new LinearWeights(0).save("linear", home.resolve("blind.npz"));
        assertTrue(
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        engine.evaluator()
                                                .table(
                                                        TableRequest.builder(
                                                                        List.of(network, blind),
                                                                        TEST)
                                                                .optRhoAttack(NEAREST)
                                                                .optFgsAttack(PluginSpec.of("sign"))
                                                                .build())
                                                .await())
                        .getMessage()
                        .contains("classifies only 33.3 %"));
    }
}
