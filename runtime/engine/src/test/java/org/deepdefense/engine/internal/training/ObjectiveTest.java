// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Criterion;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.job.Job;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an objective is given: state, a teacher, the weights, the time. */
@Timeout(60)
class ObjectiveTest {

    private static final int STEPS = 5;

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
        engine.defense("tested", defense, Map.of("deepdefense.learning.rate", 0.1));
        engine.model("linear", new LinearModel());
        engine.model("normalised", new Normalised());
        engine.dataset("blobs", new Blobs(50));
    }

    private static TrainingRequest request(String model) {
        return TrainingRequest.builder(
                        new NetworkSource.Untrained(model),
                        DatasetSpec.of("blobs", Split.TRAIN),
                        PluginSpec.of("tested"),
                        "net")
                .optEpochs(2)
                .optBatchSize(10)
                .optScale(1)
                .optCheckpointSteps(2)
                .build();
    }

    private TrainingResult train(String model) throws InterruptedException {
        return engine.trainer().train(request(model)).await();
    }

    private byte[] weights(String directory) throws Exception {
        return Files.readAllBytes(home.resolve(directory).resolve("networks/net/weights.npz"));
    }

    @Test
    void whatIsKeptComesBackBitForBit() throws Exception {
        start("whole", new Remembering(() -> {}));
        train("linear");
        for (int stop : List.of(1, 3, 5, 8)) {
            String directory = "parts" + stop;
            CompletableFuture<Job<?>> job = new CompletableFuture<>();
            int[] steps = {0};
            start(
                    directory,
                    new Remembering(
                            () -> {
                                if (++steps[0] == stop) {
                                    job.join().cancel();
                                }
                            }));
            Job<TrainingResult> training = engine.trainer().train(request("linear"));
            job.complete(training);
            assertThrows(CancellationException.class, training::await);
            start(directory, new Remembering(() -> {}));
            train("linear");
            assertArrayEquals(weights("whole"), weights(directory), "stopped in step " + stop);
        }
    }

    @Test
    void aTeacherFollowsTheMeanOfTheWeights() throws Exception {
        List<float[]> students = new ArrayList<>();
        List<float[]> teachers = new ArrayList<>();
        List<Integer> epochs = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        start(
                "teacher",
                (Simple)
                        context -> {
                            Classifier teacher = context.teacher(0.75);
                            return shard -> {
                                NDArray probe =
                                        shard.images().getManager().ones(new Shape(1, 1, 2, 3));
                                students.add(context.classifier().predict(probe).toFloatArray());
                                teachers.add(teacher.predict(probe).toFloatArray());
                                epochs.add(context.epoch());
                                steps.add(context.step());
                                return () -> crossEntropy(context, shard);
                            };
                        });
        train("linear");
        assertEquals(List.of(1, 1, 1, 1, 1, 2, 2, 2, 2, 2), epochs);
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), steps);
        float[] mean = students.get(0);
        assertFalse(Arrays.equals(mean, students.get(9)));
        for (int step = 0; step < 2 * STEPS; step++) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += step == 0 ? 0 : 0.25f * (students.get(step)[k] - mean[k]);
            }
            assertArrayEquals(mean, teachers.get(step), 1e-5f, "step " + step);
        }
    }

    @Test
    void changedWeightsAndRunningMeansArePutBackExactly() throws Exception {
        int[] probes = {0};
        start(
                "weights",
                (Simple)
                        context ->
                                new Objective() {
                                    @Override
                                    public Supplier<NDArray> prepare(Shard shard) {
                                        return () -> {
                                            context.metric(shard, "asked", ++probes[0]);
                                            return crossEntropy(context, shard);
                                        };
                                    }

                                    @Override
                                    public WeightChange perturb(List<Supplier<NDArray>> losses) {
                                        return probe(context, losses.get(0));
                                    }
                                });
        TrainingResult result = train("normalised");
        // Every second call is that of the step itself: 2, 4, … 10.
        assertEquals(6, result.epochs().get(0).metrics().get("asked"));
    }

    /** Takes a gradient, goes along it, comes back, and looks whether anything has changed. */
    @SuppressWarnings("try") // closing is what is tested
    private static WeightChange probe(DefenseContext<?> context, Supplier<NDArray> loss) {
        TrainedWeights weights = context.weights();
        NDArray images;
        try (NDManager manager = NDManager.newBaseManager()) {
            images = manager.ones(new Shape(2, 1, 2, 3)).mul(0.5f);
            float[] before = context.classifier().predict(images).toFloatArray();
            Map<String, NDArray> steps = new HashMap<>(weights.gradients(loss));
            assertArrayEquals(before, context.classifier().predict(images).toFloatArray());
            assertEquals(weights.arrays().keySet(), steps.keySet());
            Map<String, float[]> values = new HashMap<>();
            weights.arrays().forEach((name, array) -> values.put(name, array.toFloatArray()));
            try (WeightChange change = weights.add(steps)) {
                float[] moved = context.classifier().predict(images).toFloatArray();
                assertFalse(Arrays.equals(before, moved), "nothing moved");
            }
            weights.arrays()
                    .forEach(
                            (name, array) ->
                                    assertArrayEquals(
                                            values.get(name), array.toFloatArray(), 0f, name));
            assertThrows(DeepDefenseException.class, () -> weights.add(Map.of("nothing", images)));
        }
        return Objective.UNCHANGED;
    }

    private static NDArray crossEntropy(DefenseContext<?> context, Shard shard) {
        return shard.shareOfMean(
                Criterion.misclassification(shard.labels())
                        .loss(context.trainingLogits(shard.images())));
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** A defense without parameters. */
    @FunctionalInterface
    private interface Simple extends Defense<Nothing> {

        @Override
        default Class<Nothing> parameters() {
            return Nothing.class;
        }
    }

    /** Its loss depends on a number, an array and a teacher that it keeps. */
    private record Remembering(Runnable hook) implements Simple {

        @Override
        public Objective begin(DefenseContext<Nothing> context) {
            return new Objective() {
                @Override
                public Supplier<NDArray> prepare(Shard shard) {
                    double count = context.state().number("count", 0.5);
                    context.state().setNumber("count", count * 1.1);
                    NDArray first = shard.images().getManager().zeros(new Shape(3));
                    NDArray kept = context.state().array("kept", first);
                    NDArray target = context.teacher(0.9).predict(shard.images());
                    kept.muli(0.9f).addi(target.mean(new int[] {0}));
                    hook.run();
                    NDArray wanted = target.add(kept.mul((float) count)).stopGradient();
                    return () ->
                            crossEntropy(context, shard)
                                    .add(
                                            context.trainingLogits(shard.images())
                                                    .sub(wanted)
                                                    .square()
                                                    .mean());
                }
            };
        }
    }

    /** A model with running means. */
    private static final class Normalised implements ModelProvider {

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
                    .add(BatchNorm.builder().build())
                    .add(Linear.builder().setUnits(3).build());
        }
    }
}
