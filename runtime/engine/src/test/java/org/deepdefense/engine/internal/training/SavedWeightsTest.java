// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Criterion;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.job.Job;
import org.deepdefense.model.Constants;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which weights are saved, and what modifiers make of them. */
@Timeout(60)
class SavedWeightsTest {

    private static final int SIZE = 50;

    @TempDir Path home;
    private TestEngine engine;

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.stop();
        }
    }

    private void start(String directory, Defense<?> defense) {
        stop();
        engine = new TestEngine(home.resolve(directory));
        engine.defense(
                "tested",
                defense,
                Map.of("deepdefense.learning.rate", 0.1, "deepdefense.attack", "pgd:epsilon=0.05"));
        engine.attack("pgd", new SignStep());
        engine.modifier("flip", new Flip());
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
    }

    private static TrainingRequest.Builder request() {
        return TrainingRequest.builder(
                        new NetworkSource.Untrained("linear"),
                        DatasetSpec.of("blobs", Split.TRAIN),
                        PluginSpec.of("tested"),
                        "net")
                .optEpochs(2)
                .optBatchSize(10)
                .optScale(1)
                .optDecayFactor(1)
                .optCheckpointSteps(2);
    }

    private TrainingResult train(TrainingRequest.Builder request) throws InterruptedException {
        return engine.trainer().train(request.build()).await();
    }

    private Path weights(String directory) {
        return home.resolve(directory).resolve("networks/net/weights.npz");
    }

    private Map<String, float[]> values(String directory) throws Exception {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            Npz.read(weights(directory), manager)
                    .forEach(
                            (name, array) -> {
                                if (array.getDataType() == DataType.FLOAT32) {
                                    values.put(name, array.toFloatArray());
                                }
                            });
        }
        return values;
    }

    @Test
    void theExponentialMeanOfTheWeightsIsSaved() throws Exception {
        List<Map<String, float[]>> steps = new ArrayList<>();
        start("raw", new Recording(steps, () -> {}));
        train(request());
        steps.add(values("raw"));
        start("mean", new Recording(new ArrayList<>(), () -> {}));
        train(request().optEmaDecay(0.7));
        Map<String, float[]> saved = values("mean");
        assertEquals(11, steps.size());
        for (String name : steps.get(0).keySet()) {
            float[] mean = steps.get(1).get(name).clone();
            for (Map<String, float[]> step : steps.subList(2, 11)) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += 0.3f * (step.get(name)[i] - mean[i]);
                }
            }
            assertArrayEquals(mean, saved.get(name), 1e-5f, name);
        }
    }

    @Test
    void theEpochIsSavedThatWithstandsAttacksBest() throws Exception {
        List<Map<String, float[]>> steps = new ArrayList<>();
        start("best", new Recording(steps, () -> {}));
        TrainingResult result =
                train(request().optModifiers(List.of(PluginSpec.of("flip"))).optValidation(10));
        List<TrainingResult.Epoch> epochs = result.epochs();
        double first = epochs.get(0).metrics().get("robust-accuracy");
        double second = epochs.get(1).metrics().get("robust-accuracy");
        assertTrue(first > second, first + " before " + second);
        assertTrue(epochs.get(0).metrics().get("accuracy") >= first);
        assertEquals(8, steps.size(), "40 images in batches of 10, twice");
        Map<String, float[]> saved = values("best");
        steps.get(4).forEach((name, values) -> assertArrayEquals(values, saved.get(name), name));
        List<String> metrics = result.network().metrics();
        assertTrue(metrics.get(2).startsWith("saved: epoch 1, robust accuracy"), metrics::toString);
        assertEquals(
                List.of("defense", "modifier", "attack", "validation attack", "dataset", "model"),
                List.copyOf(result.network().training().plugins().keySet()));
        assertEquals("10", result.network().training().settings().get("validation"));
    }

    @Test
    void anInterruptedTrainingSavesTheSame() throws Exception {
        for (UnaryOperator<TrainingRequest.Builder> options :
                List.<UnaryOperator<TrainingRequest.Builder>>of(
                        request -> request.optEmaDecay(0.9),
                        request ->
                                request.optEmaDecay(0.9)
                                        .optValidation(10)
                                        .optModifiers(List.of(PluginSpec.of("flip"))))) {
            String name = "whole" + options.hashCode();
            start(name, new Recording(new ArrayList<>(), () -> {}));
            train(options.apply(request()));
            for (int stop : List.of(3, 5, 7)) {
                String parts = name + stop;
                CompletableFuture<Job<?>> job = new CompletableFuture<>();
                int[] count = {0};
                start(
                        parts,
                        new Recording(
                                new ArrayList<>(),
                                () -> {
                                    if (++count[0] == stop) {
                                        job.join().cancel();
                                    }
                                }));
                Job<TrainingResult> training =
                        engine.trainer().train(options.apply(request()).build());
                job.complete(training);
                assertThrows(CancellationException.class, training::await);
                start(parts, new Recording(new ArrayList<>(), () -> {}));
                train(options.apply(request()));
                assertEquals(-1, Files.mismatch(weights(name), weights(parts)), parts);
            }
        }
    }

    @Test
    void whatIsHeldOutIsNeverTrainedOn() {
        Holdout holdout = Holdout.of(SIZE, 10, 3);
        assertEquals(10, holdout.held().length);
        int[] all =
                IntStream.concat(IntStream.of(holdout.held()), IntStream.of(holdout.trained()))
                        .sorted()
                        .toArray();
        assertArrayEquals(IntStream.range(0, SIZE).toArray(), all);
        assertArrayEquals(holdout.trained(), IntStream.of(holdout.order(3, 1)).sorted().toArray());
        assertFalse(Arrays.equals(holdout.held(), Holdout.of(SIZE, 10, 4).held()));
        assertArrayEquals(Order.of(SIZE, 3, 1), Holdout.of(SIZE, 0, 3).order(3, 1));
        String message =
                assertThrows(DeepDefenseException.class, () -> Holdout.of(SIZE, SIZE, 3))
                        .getMessage();
        assertTrue(message.contains("50 images"), message);
    }

    @Test
    void aModifierThatIsUnknownIsNamedWithThoseThatThereAre() {
        start("unknown", new Recording(new ArrayList<>(), () -> {}));
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> train(request().optModifiers(List.of(PluginSpec.of("flop")))))
                        .getMessage();
        assertTrue(message.contains("no modifier \"flop\"") && message.contains("flip"), message);
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** Plain training that writes down the weights of each step. */
    private record Recording(List<Map<String, float[]>> steps, Runnable hook)
            implements Defense<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Objective begin(DefenseContext<Nothing> context) {
            return shard -> {
                hook.run();
                Map<String, float[]> values = new LinkedHashMap<>();
                context.weights()
                        .arrays()
                        .forEach((name, array) -> values.put(name, array.toFloatArray()));
                steps.add(values);
                Criterion criterion = Criterion.misclassification(shard.labels());
                return () ->
                        shard.shareOfMean(criterion.loss(context.trainingLogits(shard.images())));
            };
        }
    }

    /** Makes everything worse from the second epoch on. */
    private static final class Flip implements ObjectiveModifier<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Objective begin(Objective inner, DefenseContext<Nothing> context) {
            return shard -> {
                var loss = inner.prepare(shard);
                return () -> {
                    NDArray value = loss.get();
                    return context.epoch() == 1 ? value : value.mul(Constants.scalar(-10, value));
                };
            };
        }
    }
}
