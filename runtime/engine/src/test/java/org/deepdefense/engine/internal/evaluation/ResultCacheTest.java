// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.evaluation.Target;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(120)
class ResultCacheTest {

    private static final int SIZE = 90;
    private static final int BATCH = 10;
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<Runnable> hook = new AtomicReference<>(() -> {});
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        counting("<first/>");
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    /** Registers an attack that counts its batches, from a bundle with this content. */
    private Runnable counting(String content) {
        return engine.attack(
                "counting",
                new NearestBoundary(
                        (context, images) -> {
                            calls.incrementAndGet();
                            context.warn("it is odd");
                            hook.get().run();
                        }),
                Map.of(),
                content);
    }

    private EvaluationRequest request() {
        return EvaluationRequest.builder(network, TEST, PluginSpec.of("counting"))
                .optBatchSize(BATCH)
                .optOptions(Option.IMAGES)
                .build();
    }

    private EvaluationResult evaluate(EvaluationRequest request) throws InterruptedException {
        return engine.evaluator().evaluate(request).await();
    }

    private List<Path> entries() throws IOException {
        Path results = new Home(home).results();
        if (!Files.exists(results)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(results)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aRepeatedEvaluationIsInstantAndTheSame() throws Exception {
        EvaluationResult first = evaluate(request());
        assertEquals(9, calls.get());
        assertEquals(0, first.overall().cached());

        EvaluationResult second = evaluate(request());
        assertEquals(9, calls.get());
        assertEquals(SIZE, second.overall().cached());
        assertTrue(first.overall().images().equals(second.overall().images()));
        assertEquals(first.overall().seconds(), second.overall().seconds(), 1e-9);
        assertEquals(first.warnings(), second.warnings());
        assertEquals(List.of("it is odd"), second.warnings());
    }

    @Test
    void whatAResultDependsOnMakesItAnother() throws Exception {
        evaluate(request());
        int before = calls.get();
        List<EvaluationRequest> others =
                List.of(
                        request().toBuilder().optSeed(1).build(),
                        request().toBuilder().optTarget(Target.of(Target.Choice.NEXT)).build(),
                        request().toBuilder().optTarget(Target.of(1)).build(),
                        request().toBuilder().optOptions(Option.TIGHTEN).build(),
                        request().toBuilder().optOptions(Option.EIGHT_BIT).build(),
                        EvaluationRequest.builder(
                                        network,
                                        DatasetSpec.of("blobs", Split.TRAIN),
                                        PluginSpec.of("counting"))
                                .optBatchSize(BATCH)
                                .build(),
                        EvaluationRequest.builder(
                                        new LinearWeights(2)
                                                .save("linear", home.resolve("other.npz")),
                                        TEST,
                                        PluginSpec.of("counting"))
                                .optBatchSize(BATCH)
                                .build());
        for (EvaluationRequest other : others) {
            assertEquals(0, evaluate(other).overall().cached(), other.toString());
            assertTrue(calls.get() > before);
            before = calls.get();
        }
    }

    @Test
    void whatIsKnownOfAnImageDoesNotDependOnItsBatch() throws Exception {
        EvaluationResult few = evaluate(limited(25));
        assertEquals(3, calls.get());
        EvaluationResult all = evaluate(request().toBuilder().optBatchSize(30).build());
        assertEquals(25, all.overall().cached());
        assertEquals(3 + 3, calls.get());
        assertTrue(few.overall().images().equals(all.overall().images().subList(0, 25)));
        assertTrue(few.overall().seconds() < all.overall().seconds());
        EvaluationResult some = evaluate(limited(7).toBuilder().optBatchSize(4).build());
        assertEquals(7, some.overall().cached());
        assertEquals(6, calls.get());
        assertTrue(some.overall().images().equals(all.overall().images().subList(0, 7)));
        EvaluationResult anew = evaluate(request().toBuilder().optOptions(Option.NO_CACHE).build());
        assertTrue(anew.overall().images().equals(all.overall().images()));
    }

    private EvaluationRequest limited(int images) {
        return EvaluationRequest.builder(network, TEST.withLimit(images), PluginSpec.of("counting"))
                .optBatchSize(BATCH)
                .optOptions(Option.IMAGES)
                .build();
    }

    @Test
    void parametersMakeAnotherResult() throws Exception {
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        EvaluationRequest both =
                EvaluationRequest.builder(network, TEST, PluginSpec.of("sign"))
                        .optEpsilons(List.of(0.1, 0.2))
                        .optOptions(Option.IMAGES)
                        .build();
        EvaluationResult first = evaluate(both);
        EvaluationResult second =
                evaluate(
                        EvaluationRequest.builder(
                                        network, TEST, PluginSpec.parse("sign:epsilon=0.2"))
                                .optOptions(Option.IMAGES)
                                .build());
        assertEquals(
                List.of(),
                evaluate(EvaluationRequest.builder(network, TEST, PluginSpec.of("sign")).build())
                        .overall()
                        .images());
        assertEquals(SIZE, second.overall().cached());
        assertTrue(
                first.attacks().get(1).images().equals(second.overall().images())
                        && !first.attacks().get(0).images().equals(second.overall().images()));
    }

    @Test
    void anAttackWithOtherCodeIsRunAnew() throws Exception {
        engine.stop();
        engine = new TestEngine(home);
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        Runnable leave = counting("<first/>");
        evaluate(request());
        leave.run();
        leave = counting("<second/>");
        assertEquals(0, evaluate(request()).overall().cached());
        leave.run();
        counting("<first/>");
        assertEquals(SIZE, evaluate(request()).overall().cached());
    }

    @Test
    void anInterruptedEvaluationGoesOn() throws Exception {
        CompletableFuture<Job<EvaluationResult>> job = new CompletableFuture<>();
        hook.set(
                () -> {
                    // Two threads may count before either of them looks.
                    if (calls.get() >= 5) {
                        job.join().cancel();
                    }
                });
        job.complete(engine.evaluator().evaluate(request()));
        assertThrows(CancellationException.class, () -> job.join().await());
        hook.set(() -> {});
        int kept = entries().size();
        assertTrue(kept >= 3 && kept < 9, kept + " batches");
        assertEquals(kept * BATCH, evaluate(request()).overall().cached());
        assertEquals(9, entries().size());
    }

    @Test
    void damagedEntriesAreComputedAnewWithAWarning() throws Exception {
        EvaluationResult first = evaluate(request());
        List<Path> entries = entries();
        byte[] whole = Files.readAllBytes(entries.get(0));
        whole[whole.length / 2] ^= 1;
        Files.write(entries.get(0), whole);
        Files.write(entries.get(1), new byte[0]);
        Files.copy(entries.get(2), entries.get(3), StandardCopyOption.REPLACE_EXISTING);

        EvaluationResult second = evaluate(request());
        assertEquals(SIZE - 3 * BATCH, second.overall().cached());
        assertTrue(first.overall().images().equals(second.overall().images()));
        assertEquals(
                2,
                second.warnings().stream()
                        .filter(w -> w.startsWith("A cached result was damaged"))
                        .count());
        EvaluationResult third = evaluate(request().toBuilder().optBatchSize(70).build());
        assertEquals(SIZE, third.overall().cached());
        assertEquals(List.of("it is odd"), third.warnings());
    }

    @Test
    void nothingIsKeptIfNotWanted() throws Exception {
        evaluate(request().toBuilder().optOptions(Option.NO_CACHE).build());
        assertEquals(List.of(), entries());
        evaluate(request());
        assertEquals(
                0,
                evaluate(request().toBuilder().optOptions(Option.NO_CACHE).build())
                        .overall()
                        .cached());
    }

    @Test
    void aHomeThatCannotBeWrittenOnlyCostsTime() throws Exception {
        Files.createDirectories(new Home(home).cache());
        Files.createFile(new Home(home).results());
        EvaluationResult result = evaluate(request());
        assertEquals(1, result.successRate());
        assertEquals(
                1,
                result.warnings().stream()
                        .filter(w -> w.startsWith("Results are not cached: "))
                        .count());
    }

    @Test
    void aTableIsCachedToo() throws Exception {
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        TableRequest request =
                TableRequest.builder(List.of(network), TEST)
                        .optRhoAttack(PluginSpec.of("counting"))
                        .optFgsAttack(PluginSpec.of("sign"))
                        .build();
        RobustnessTable first = engine.evaluator().table(request).await();
        int before = calls.get();
        RobustnessTable second = engine.evaluator().table(request).await();
        assertEquals(before, calls.get());
        assertEquals(first.rows().get(0).rho2(), second.rows().get(0).rho2());
        assertEquals(first.epsilonRef(), second.epsilonRef());
    }

    @Test
    void whatWasNotUsedForTheLongestTimeMakesRoom() throws Exception {
        ResultCache cache = new ResultCache(new Home(home));
        cache.trim(1000);
        Path results = new Home(home).results();
        for (int i = 0; i < 3; i++) {
            Path folder = Files.createDirectories(results.resolve("run" + i));
            Files.write(folder.resolve("batch"), new byte[400]);
            Files.setLastModifiedTime(
                    folder, FileTime.from(Instant.EPOCH.plusSeconds(1000L * (3 - i))));
        }
        cache.trim(1000);
        assertTrue(Files.exists(results.resolve("run0")));
        assertTrue(Files.exists(results.resolve("run1")));
        assertFalse(Files.exists(results.resolve("run2")));
    }
}
