// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
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
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.evaluation.UniversalResult;
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
class UniversalEvaluatorTest {

    private static final int SIZE = 60;
    private static final DatasetSpec TRAIN = DatasetSpec.of("blobs", Split.TRAIN);
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private final LinearWeights weights = new LinearWeights(1);
    private final AtomicReference<Runnable> onAttack = new AtomicReference<>(() -> {});
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws IOException {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("nearest", new NearestBoundary((context, images) -> onAttack.get().run()));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        network = weights.save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private UniversalRequest request(Norm norm, double epsilon, int batchSize, long seed) {
        return UniversalRequest.builder(network, TRAIN, TEST, norm, epsilon)
                .optAttack(PluginSpec.of("nearest"))
                .optFoolingRate(0.6)
                .optPasses(10)
                .optBatchSize(batchSize)
                .optSeed(seed)
                .build();
    }

    private UniversalResult search(UniversalRequest request) throws InterruptedException {
        return engine.universal().search(request).await();
    }

    private static double[] pixels(Picture picture) {
        int width = picture.width();
        return IntStream.range(0, picture.height() * width)
                .mapToDouble(p -> picture.pixel(0, p / width, p % width))
                .toArray();
    }

    /** Computes in plain Java how many images a perturbation fools. */
    private double foolingRate(Split split, double... perturbation) {
        Dataset images = new Blobs(SIZE).open(split, null);
        int fooled = 0;
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int i = 0; i < SIZE; i++) {
                float[] clean = images.images(manager, i).toFloatArray();
                float[] moved = clean.clone();
                for (int p = 0; p < moved.length; p++) {
                    moved[p] = (float) Math.max(0, Math.min(1, moved[p] + perturbation[p]));
                }
                if (weights.predict(weights.input(moved))
                        != weights.predict(weights.input(clean))) {
                    fooled++;
                }
            }
        }
        return (double) fooled / SIZE;
    }

    @Test
    void oneSmallPerturbationFoolsMostImages() throws InterruptedException {
        UniversalResult result = search(request(Norm.LINF, 0.3, 1, 0));

        double[] pixels = pixels(result.perturbation());
        assertEquals(foolingRate(Split.TRAIN, pixels), result.training().foolingRate(), 1e-9);
        assertEquals(foolingRate(Split.TEST, pixels), result.test().foolingRate(), 1e-9);
        assertTrue(result.reached(), result.toString());
        assertTrue(result.training().foolingRate() >= 0.6, result.toString());
        assertTrue(result.test().foolingRate() >= 0.5, result.toString());
        assertTrue(result.test().perturbedAccuracy() < result.test().accuracy() - 0.3);
        assertEquals(SIZE, result.test().samples());
    }

    @Test
    void perturbationStaysInItsBall() throws InterruptedException {
        UniversalResult linf = search(request(Norm.LINF, 0.05, 1, 0));
        UniversalResult l2 = search(request(Norm.L2, 0.15, 4, 0));

        double largest = Arrays.stream(pixels(linf.perturbation())).map(Math::abs).max().orElse(0);
        assertEquals(0.05, largest, 1e-6);
        assertEquals(0.05, linf.size(), 1e-6);
        assertEquals(0.15, LinearWeights.norm(pixels(l2.perturbation())), 1e-6);
        assertEquals(0.15, l2.size(), 1e-6);
        assertFalse(l2.reached());
        assertEquals(10, l2.passes());
    }

    @Test
    void sameSeedSameResult() throws InterruptedException {
        double[] first = pixels(search(request(Norm.LINF, 0.1, 3, 5)).perturbation());
        double[] second = pixels(search(request(Norm.LINF, 0.1, 3, 5)).perturbation());

        assertArrayEquals(first, second);
    }

    @Test
    void bestPassCounts() throws InterruptedException {
        UniversalResult result = search(request(Norm.LINF, 0.02, 1, 1));

        assertEquals(
                foolingRate(Split.TRAIN, pixels(result.perturbation())),
                result.training().foolingRate(),
                1e-9);
    }

    @Test
    void recordSaysAllThatTheResultDependsOn() throws InterruptedException {
        UniversalResult result = search(request(Norm.L2, 0.2, 2, 9));

        assertEquals("nearest", result.provenance().plugins().get("attack").name());
        assertEquals(9, result.provenance().seed());
        assertEquals("train", result.provenance().settings().get("split"));
        assertEquals("0.2", result.provenance().settings().get("epsilon"));
    }

    @Test
    void perturbationCanBeSaved() throws Exception {
        UniversalResult result = search(request(Norm.LINF, 0.1, 1, 0));
        Path file = home.resolve("universal.npz");

        engine.universal().save(result, file);

        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray saved = Npz.read(file, manager).get("perturbation");
            assertEquals(new Shape(1, 1, 2, 3), saved.getShape());
            float[] values = saved.toFloatArray();
            assertArrayEquals(
                    pixels(result.perturbation()),
                    IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
        }
    }

    @Test
    void onlySmallestPerturbationsCanBeAdded() {
        UniversalRequest budget =
                UniversalRequest.builder(network, TRAIN, TEST, Norm.L2, 1)
                        .optAttack(PluginSpec.of("sign"))
                        .optFoolingRate(0.8)
                        .optPasses(1)
                        .optBatchSize(1)
                        .optSeed(0)
                        .build();

        DeepDefenseException e =
                assertThrows(DeepDefenseException.class, () -> engine.universal().search(budget));

        assertTrue(e.getMessage().contains("\"sign\""), e.getMessage());
    }

    @Test
    void requestsOutOfRangeAreRefused() {
        assertThrows(DeepDefenseException.class, () -> request(Norm.L1, 0.1, 1, 0));
        assertThrows(DeepDefenseException.class, () -> request(Norm.L2, 0, 1, 0));
        assertThrows(DeepDefenseException.class, () -> request(Norm.L2, Double.NaN, 1, 0));
        assertThrows(DeepDefenseException.class, () -> request(Norm.L2, 1, 0, 0));
    }

    @Test
    void canBeCancelled() {
        AtomicReference<Job<UniversalResult>> job = new AtomicReference<>();
        onAttack.set(
                () -> {
                    Job<UniversalResult> running = job.get();
                    if (running != null) {
                        running.cancel();
                    }
                });
        job.set(engine.universal().search(request(Norm.LINF, 1e-6, 1, 0)));

        assertThrows(CancellationException.class, () -> job.get().await());
    }
}
