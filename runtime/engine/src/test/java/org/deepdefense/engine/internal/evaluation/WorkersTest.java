// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.Target;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.report.json.ResultJson;
import org.deepdefense.work.Task;
import org.deepdefense.work.TaskOutcome;
import org.deepdefense.work.TaskRunner;
import org.deepdefense.work.Workers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work is a value: whoever does it, and however it is split, the results are the same bits. */
@Timeout(60)
class WorkersTest {

    private static final int SIZE = 40;

    @TempDir Path home;
    private NetworkSource network;
    private int engines;

    @BeforeEach
    void save() throws Exception {
        network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
    }

    private TestEngine start(int threads, UnaryOperator<Workers> workers) {
        TestEngine engine =
                new TestEngine(
                        home.resolve("engine" + engines++),
                        Map.of("deepdefense.threads", Integer.toString(threads)),
                        workers);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.attack("nearest", new NearestBoundary((context, images) -> {}));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        return engine;
    }

    private EvaluationRequest.Builder request() {
        return EvaluationRequest.builder(
                        network,
                        DatasetSpec.of("blobs", Split.TEST),
                        PluginSpec.parse("sign:noise=true"),
                        PluginSpec.of("nearest"))
                .optTarget(Target.of(Target.Choice.RANDOM))
                .optSeed(5)
                .optOptions(Option.IMAGES, Option.TIGHTEN, Option.EIGHT_BIT, Option.NO_CACHE);
    }

    /** Returns all that is told of single images, but for the calls, which are means of a batch. */
    private static List<String> bits(TestEngine engine, EvaluationRequest request)
            throws InterruptedException {
        try {
            List<String> bits = new ArrayList<>();
            for (AttackResult row : engine.evaluator().evaluate(request).await().attacks()) {
                for (SampleResult image : row.images()) {
                    bits.add(
                            image.index()
                                    + " "
                                    + image.success()
                                    + " "
                                    + image.adversarialPrediction()
                                    + " "
                                    + image.norms()
                                    + " "
                                    + image.rho2()
                                    + " "
                                    + image.rho2Pixels());
                }
            }
            assertEquals(2 * SIZE, bits.size());
            return bits;
        } finally {
            engine.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "2, 40", "3, 3", "4, 1"})
    void resultsDoNotDependOnHowWorkIsSplit(int threads, int batchSize) throws Exception {
        assertEquals(
                bits(start(1, w -> w), request().optBatchSize(SIZE).build()),
                bits(start(threads, w -> w), request().optBatchSize(batchSize).build()));
    }

    /** Sends tasks and outcomes as text to an engine that has to find all by itself. */
    private static final class Remote implements Workers {

        private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
        private final TaskRunner there;

        Remote(TaskRunner there) {
            this.there = there;
        }

        @Override
        public int parallelism() {
            return 3;
        }

        @Override
        public void run(
                List<Task> tasks,
                TaskRunner here,
                Runnable check,
                BiConsumer<Task, TaskOutcome> done) {
            for (Task task : tasks) {
                String text = ResultJson.write(task);
                sent.add(text);
                TaskOutcome outcome = there.run(ResultJson.read(text, Task.class), check);
                done.accept(task, ResultJson.read(ResultJson.write(outcome), TaskOutcome.class));
            }
        }
    }

    @Test
    void anotherEngineDoesTheSameWork() throws Exception {
        TestEngine other = start(1, w -> w);
        Remote remote = new Remote(other.tasks());
        try {
            assertEquals(
                    bits(start(1, w -> w), request().build()),
                    bits(start(1, own -> remote), request().optBatchSize(9).build()));
        } finally {
            other.stop();
        }
        assertEquals(2 * 5, remote.sent.size());
        assertTrue(remote.sent.get(0).contains("\"noise\": \"true\""), remote.sent.get(0));
    }

    @Test
    void aTaskForAnotherNetworkIsRefused() throws Exception {
        List<Task> seen = Collections.synchronizedList(new ArrayList<>());
        TestEngine engine =
                start(
                        1,
                        own ->
                                new Workers() {
                                    @Override
                                    public int parallelism() {
                                        return 1;
                                    }

                                    @Override
                                    public void run(
                                            List<Task> tasks,
                                            TaskRunner here,
                                            Runnable check,
                                            BiConsumer<Task, TaskOutcome> done) {
                                        seen.addAll(tasks);
                                        own.run(tasks, here, check, done);
                                    }
                                });
        engine.evaluator().evaluate(request().build()).await();
        Task task = seen.get(0);
        assertFalse(engine.tasks().run(task, () -> {}).images().isEmpty());
        new LinearWeights(2).save("linear", home.resolve("linear.npz"));
        DeepDefenseException e =
                assertThrows(DeepDefenseException.class, () -> engine.tasks().run(task, () -> {}));
        assertTrue(e.getMessage().contains("network linear (linear.npz)"), e.getMessage());
        engine.stop();
    }
}
