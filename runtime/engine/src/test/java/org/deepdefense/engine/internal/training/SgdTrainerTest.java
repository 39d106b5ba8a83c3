// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.CrossEntropy;
import org.deepdefense.engine.internal.fixture.Idle;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.engine.internal.home.Holder;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.network.NetworkStore;
import org.deepdefense.engine.internal.network.Npz;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@Timeout(60)
class SgdTrainerTest {

    private static final int SIZE = 93;
    private static final int BATCH = 10;
    private static final int STEPS = 10;
    private static final DatasetSpec TRAIN = DatasetSpec.of("blobs", Split.TRAIN);
    private static final NetworkSource UNTRAINED = new NetworkSource.Untrained("linear");

    @TempDir Path home;
    private TestEngine engine;
    private Runnable unregisterDefense;

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.stop();
        }
    }

    /** Starts an engine in a home, whose defense calls a hook at the beginning of each step. */
    private void start(Path directory, IntConsumer hook) {
        start(directory, hook, SignStep.metatype());
    }

    /** The same with an attack from a bundle with this content. */
    private void start(Path directory, IntConsumer hook, String attackBundle) {
        stop();
        engine = new TestEngine(directory);
        engine.attack("sign", new SignStep(), Map.of(), attackBundle);
        unregisterDefense =
                engine.defense(
                        "plain",
                        new CrossEntropy(hook),
                        Map.of(
                                "deepdefense.attack",
                                "sign:epsilon=0.05,noise=true",
                                "deepdefense.learning.rate",
                                0.2));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
    }

    private void start() {
        start(home, step -> {});
    }

    private static TrainingRequest.Builder request() {
        return TrainingRequest.builder(UNTRAINED, TRAIN, PluginSpec.of("plain"), "net")
                .optEpochs(3)
                .optBatchSize(BATCH)
                .optScale(1)
                .optCheckpointSteps(4)
                .optSeed(9);
    }

    /** A request whose result depends on everything that a step may depend on. */
    private static TrainingRequest noisy() {
        return TrainingRequest.builder(
                        UNTRAINED, TRAIN, PluginSpec.parse("plain:attacked=true"), "net")
                .optEpochs(3)
                .optBatchSize(BATCH)
                .optScale(1)
                .optCheckpointSteps(4)
                .optDecayEpochs(List.of(2, 3))
                .optDecayFactor(0.3)
                .optAveragedEpochs(2)
                .build();
    }

    private TrainingResult train(TrainingRequest request) throws InterruptedException {
        return engine.trainer().train(request).await();
    }

    private static String message(Job<?> job) {
        return assertThrows(DeepDefenseException.class, job::await).getMessage();
    }

    private String refusal(TrainingRequest request) {
        return assertThrows(DeepDefenseException.class, () -> engine.trainer().train(request))
                .getMessage();
    }

    private static byte[] weights(Path directory) throws IOException {
        return Files.readAllBytes(directory.resolve("networks/net/weights.npz"));
    }

    @Test
    void aNetworkLearnsAndIsSavedWithItsRecord() throws Exception {
        start();
        TrainingResult result = train(request().optEpochs(10).build());
        List<TrainingResult.Epoch> epochs = result.epochs();
        assertEquals(10, epochs.size());
        assertEquals(10, epochs.get(9).number());
        assertTrue(epochs.get(9).loss() < 0.5 * epochs.get(0).loss(), epochs.toString());
        assertEquals(1, epochs.get(0).metrics().get("updates"));
        // The mean of what the data set draws, whatever the order: 0.3 + 1/3·0.5 + 2/3·0.1.
        assertEquals(0.43, epochs.get(4).metrics().get("brightness"), 0.02);

        NetworkRecord record = engine.networks().get("net");
        assertEquals(result.network(), record);
        assertEquals(10, record.metrics().size());
        assertTrue(record.metrics().get(9).startsWith("epoch 10: "), record.metrics().get(9));
        assertEquals(Optional.empty(), record.parent());
        assertEquals("0.2", record.training().settings().get("learningRate"));
        assertEquals("plain", record.training().plugins().get("defense").name());
        assertEquals("sign", record.training().plugins().get("attack").name());
        assertEquals(9, record.training().seed());
        assertFalse(engine.trainer().discard("net"));

        double accuracy =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(
                                                new NetworkSource.Saved("net"),
                                                DatasetSpec.of("blobs", Split.TEST),
                                                PluginSpec.of("sign"))
                                        .build())
                        .await()
                        .accuracy();
        assertTrue(accuracy > 0.95, "accuracy " + accuracy);
    }

    @Test
    void aSavedNetworkIsTrainedOn() throws Exception {
        start();
        train(request().build());
        String parent = engine.networks().get("net").checksum();
        TrainingResult result =
                train(
                        TrainingRequest.builder(
                                        new NetworkSource.Saved("net"),
                                        TRAIN,
                                        PluginSpec.of("plain"),
                                        "net2")
                                .optEpochs(1)
                                .build());
        assertEquals(Optional.of("net"), result.network().parent());
        assertEquals(parent, result.network().training().network().checksum());
        assertFalse(parent.equals(result.network().checksum()));
        assertEquals(parent, engine.networks().get("net").checksum());
    }

    @Test
    void theSameSeedMakesTheSameNetworkAndAnotherAnother() throws Exception {
        byte[] first = uninterrupted("a", noisy());
        byte[] second = uninterrupted("b", noisy());
        byte[] third = uninterrupted("c", request().build());
        assertArrayEquals(first, second);
        assertFalse(Arrays.equals(first, third));
    }

    private byte[] uninterrupted(String directory, TrainingRequest request) throws Exception {
        start(home.resolve(directory), step -> {});
        train(request);
        return weights(home.resolve(directory));
    }

    @Test
    void theWeightsOfTheLastEpochsAreAveraged() throws Exception {
        Path one = trained("one", 1, 0);
        Path two = trained("two", 2, 0);
        Path averaged = trained("averaged", 2, 2);
        Path alone = trained("alone", 2, 1);
        assertEquals(-1, Files.mismatch(two, alone));
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> first = Npz.read(one, manager);
            Map<String, NDArray> second = Npz.read(two, manager);
            Npz.read(averaged, manager)
                    .forEach(
                            (name, mean) ->
                                    assertTrue(
                                            first.get(name)
                                                    .add(second.get(name))
                                                    .div(2)
                                                    .allClose(mean, 1e-5, 1e-6, false),
                                            name));
        }
        assertTrue(
                assertThrows(
                                DeepDefenseException.class,
                                () -> request().optEpochs(2).optAveragedEpochs(3).build())
                        .getMessage()
                        .contains("0 to 2"));
    }

    /** Trains with one step an epoch. */
    private Path trained(String directory, int epochs, int averaged) throws Exception {
        start(home.resolve(directory), step -> {});
        train(request().optBatchSize(SIZE).optEpochs(epochs).optAveragedEpochs(averaged).build());
        return home.resolve(directory).resolve("networks/net/weights.npz");
    }

    @Test
    void aCancelledTrainingGoesOnWithTheSameResult() throws Exception {
        byte[] expected = uninterrupted("whole", noisy());
        List<String> metrics = engine.networks().get("net").metrics();
        Path directory = home.resolve("parts");
        // In the middle of an epoch, right after one, and again before the next checkpoint.
        for (int stop : List.of(7, 3 + STEPS - 7, 2)) {
            CompletableFuture<Job<?>> job = new CompletableFuture<>();
            start(
                    directory,
                    step -> {
                        if (step == stop) {
                            job.join().cancel();
                        }
                    });
            Job<TrainingResult> training = engine.trainer().train(noisy());
            job.complete(training);
            assertThrows(CancellationException.class, training::await);
            assertTrue(engine.networks().list().isEmpty());
        }
        start(directory, step -> {});
        TrainingResult result = train(noisy());
        assertArrayEquals(expected, weights(directory));
        assertEquals(metrics, result.network().metrics());
        assertEquals(2, result.epochs().size());
        assertFalse(engine.trainer().discard("net"));
    }

    @Test
    void aTrainingThatBrokeGoesOnFromItsLastCheckpoint() throws Exception {
        byte[] expected = uninterrupted("whole", noisy());
        Path directory = home.resolve("parts");
        start(
                directory,
                step -> {
                    if (step == 2 * STEPS + 7) {
                        throw new IllegalStateException("power cut");
                    }
                });
        String message = message(engine.trainer().train(noisy()));
        assertTrue(message.contains("\"plain\"") && message.contains("power cut"), message);
        int[] steps = new int[1];
        start(directory, step -> steps[0] = step);
        train(noisy());
        assertEquals(STEPS - 4, steps[0]);
        assertArrayEquals(expected, weights(directory));
    }

    @Test
    void codeThatChangedSinceMakesTheTrainingBeginAnewAndKeepsTheCheckpoint() throws Exception {
        byte[] expected = uninterrupted("whole", noisy());
        Path directory = home.resolve("parts");
        Path checkpoints = directory.resolve("checkpoints");
        int[] steps = new int[1];
        for (String bundle : List.of(SignStep.metatype(), SignStep.metatype() + "<!-- b -->")) {
            start(
                    directory,
                    step -> {
                        if (step == 2 * STEPS + 7) {
                            throw new IllegalStateException("power cut");
                        }
                        steps[0] = step;
                    },
                    bundle);
            Job<TrainingResult> job = engine.trainer().train(noisy());
            message(job);
            // Each begins with the first step, and none goes on with what the other has made.
            assertEquals(2 * STEPS + 6, steps[0]);
            boolean second = !bundle.equals(SignStep.metatype());
            assertEquals(second ? 1 : 0, job.warnings().size());
            assertEquals(second, Files.exists(checkpoints.resolve(".net.outdated")));
            if (second) {
                String warning = job.warnings().get(0);
                assertTrue(warning.contains("attack \"sign\""), warning);
                assertFalse(warning.contains("\"plain\""), warning);
                assertTrue(warning.contains(".net.outdated"), warning);
            }
        }
        start(directory, step -> steps[0] = step, SignStep.metatype() + "<!-- b -->");
        train(noisy());
        assertEquals(STEPS - 4, steps[0]);
        assertArrayEquals(expected, weights(directory));
        assertFalse(Files.exists(checkpoints.resolve(".net.outdated")));
    }

    @Test
    void anotherProcessThatTrainsByTheNameIsNamed() throws Exception {
        start();
        try (Holder other = new Holder(home, "net")) {
            String message = refusal(request().build());
            assertTrue(message.startsWith("Process " + other.pid() + " is training"), message);
            assertThrows(DeepDefenseException.class, () -> engine.trainer().discard("net"));
            assertEquals(List.of(), engine.jobs().list());
        }
        assertEquals(3, train(request().build()).epochs().size());
    }

    @Test
    void aJobThatIsCancelledInTheQueueGivesTheNameFree() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        start(
                home,
                step -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        List<Job<TrainingResult>> running =
                List.of(
                        engine.trainer().train(named("first")),
                        engine.trainer().train(named("second")));
        Job<TrainingResult> queued = engine.trainer().train(request().build());
        queued.cancel();
        assertThrows(CancellationException.class, queued::await);
        goOn.countDown();
        for (Job<TrainingResult> job : running) {
            job.await();
        }
        assertEquals(3, train(request().build()).epochs().size());
    }

    private static TrainingRequest named(String name) {
        return TrainingRequest.builder(UNTRAINED, TRAIN, PluginSpec.of("plain"), name)
                .optEpochs(1)
                .build();
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidBeforeTheWork() throws Exception {
        start();
        Files.writeString(home.resolve("networks"), "no directory");
        assertTrue(refusal(request().build()).contains("networks can't be written"));
        Files.delete(home.resolve("networks"));
        Files.writeString(home.resolve("checkpoints"), "no directory");
        assertTrue(refusal(request().build()).contains("can't be written"));
        assertEquals(List.of(), engine.jobs().list());
    }

    @Test
    void aTrainingThatHadSavedItsNetworkWhenItWasKilledLeavesNoCheckpoint() throws Exception {
        Path copy = home.resolve("copy");
        start(
                home,
                step -> {
                    if (step == 2 * STEPS + 7) {
                        throw new IllegalStateException("stopped");
                    }
                });
        message(engine.trainer().train(request().build()));
        Path checkpoint = home.resolve("checkpoints/net");
        Files.move(checkpoint, copy);
        start();
        String checksum = train(request().build()).network().checksum();

        Files.move(copy, checkpoint);
        Files.writeString(checkpoint.resolve("result.txt"), "another");
        start();
        assertTrue(Files.exists(checkpoint), "one that was not saved goes on");
        Files.writeString(checkpoint.resolve("result.txt"), checksum);
        start();
        assertFalse(Files.exists(checkpoint));
    }

    @Test
    void aNetworkThatIsDeletedWhileItIsTrainedOnIsNotMissed() throws Exception {
        start();
        train(request().build());
        CompletableFuture<Boolean> deleted = new CompletableFuture<>();
        start(
                home,
                step -> {
                    if (step == 5) {
                        new NetworkStore(new Home(home)).delete("net");
                        deleted.complete(true);
                    }
                });
        TrainingResult result =
                train(
                        TrainingRequest.builder(
                                        new NetworkSource.Saved("net"),
                                        TRAIN,
                                        PluginSpec.of("plain"),
                                        "net2")
                                .optEpochs(1)
                                .optBatchSize(BATCH)
                                .build());
        assertTrue(deleted.join());
        assertEquals(Optional.of("net"), result.network().parent());
        assertEquals("linear", result.network().training().plugins().get("model").name());
    }

    @Test
    void aNameThatIsTakenIsRefusedUnlessItMayBeOverwritten() throws Exception {
        start();
        train(request().build());
        byte[] first = weights(home);
        assertTrue(refusal(request().build()).contains("saved network net"));
        assertArrayEquals(first, weights(home));
        train(request().optSeed(1).optOverwrite(true).build());
        assertFalse(Arrays.equals(first, weights(home)));
    }

    @Test
    void aCheckpointOfAnotherRequestIsRefusedUntilItIsDiscarded() throws Exception {
        start(
                home,
                step -> {
                    if (step == 6) {
                        throw new IllegalStateException("stopped");
                    }
                });
        message(engine.trainer().train(request().build()));
        String message = refusal(request().optEpochs(8).optMomentum(0.5).build());
        assertTrue(
                message.contains("epochs 3, now 8") && message.contains("momentum 0.9, now 0.5"),
                message);
        assertTrue(engine.trainer().discard("net"));
        assertEquals(8, train(request().optEpochs(8).build()).epochs().size());
    }

    @Test
    void aLossThatIsNoNumberEndsTheTrainingAndKeepsTheCheckpoint() {
        start();
        Job<TrainingResult> job =
                engine.trainer()
                        .train(
                                TrainingRequest.builder(
                                                UNTRAINED,
                                                TRAIN,
                                                PluginSpec.parse("plain:factor=1e39"),
                                                "net")
                                        .build());
        String message = message(job);
        assertTrue(
                message.contains("step 1 of epoch 1") && message.contains("learning rate below"),
                message);

        Job<TrainingResult> diverging =
                engine.trainer()
                        .train(
                                TrainingRequest.builder(
                                                UNTRAINED,
                                                TRAIN,
                                                PluginSpec.parse("plain:factor=1e6"),
                                                "diverging")
                                        .optLearningRate(1e30)
                                        .optCheckpointSteps(1)
                                        .optBatchSize(BATCH)
                                        .build());
        assertTrue(message(diverging).contains("of epoch 1"));
        assertTrue(engine.trainer().discard("diverging"));
    }

    @ParameterizedTest
    @CsvSource({
        "plain, idle, true",
        "thorough, idle, false",
        "thorough, idle:earlyStop=true, true"
    })
    void aDefenseThatWantsTheLargestLossKeepsAttacksFromStoppingEarly(
            String defense, String attack, String expected) throws Exception {
        start();
        engine.attack("idle", new Idle());
        engine.defense(
                "thorough",
                new CrossEntropy(step -> {}),
                Map.of("deepdefense.early.stop", false, "deepdefense.attack", "idle"));
        TrainingResult result =
                train(
                        TrainingRequest.builder(UNTRAINED, TRAIN, PluginSpec.parse(defense), "net")
                                .optAttack(PluginSpec.parse(attack))
                                .optEpochs(1)
                                .build());
        assertEquals(
                expected,
                result.network().training().plugins().get("attack").parameters().get("earlyStop"));
    }

    @Test
    void anAttackIsNotBlamedForANetworkThatHasDiverged() {
        start();
        engine.attack(
                "fragile",
                new NearestBoundary(
                        (context, images) -> {
                            throw new ArithmeticException("overflow");
                        }));
        TrainingRequest.Builder training =
                TrainingRequest.builder(
                                UNTRAINED, TRAIN, PluginSpec.parse("plain:attacked=true"), "net")
                        .optAttack(PluginSpec.of("fragile"));
        String fault = message(engine.trainer().train(training.build()));
        assertTrue(fault.contains("\"fragile\" threw ArithmeticException"), fault);

        AtomicInteger calls = new AtomicInteger();
        engine.attack(
                "late",
                new NearestBoundary(
                        (context, images) -> {
                            if (calls.incrementAndGet() == 2) {
                                throw new ArithmeticException("overflow");
                            }
                        }));
        String divergence =
                message(
                        engine.trainer()
                                .train(
                                        training.optAttack(PluginSpec.of("late"))
                                                .optBatchSize(BATCH)
                                                .optLearningRate(1e12)
                                                .build()));
        assertTrue(
                divergence.contains("weights grew beyond all bounds in step 2 of epoch 1")
                        && divergence.contains("learning rate below 1.0E12"),
                divergence);
    }

    @Test
    void aDefenseThatIsRemovedEndsTheTraining() {
        start(
                home,
                step -> {
                    if (step == 5) {
                        unregisterDefense.run();
                    }
                });
        String message = message(engine.trainer().train(request().build()));
        assertTrue(message.contains("Defense \"plain\""), message);
        assertTrue(message.contains("was removed while in use"), message);
    }

    @Test
    void twoTrainingsCannotSaveByOneName() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        start(
                home,
                step -> {
                    begun.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        Job<TrainingResult> first = engine.trainer().train(request().build());
        begun.await();
        assertTrue(refusal(request().build()).contains("to be saved as net"));
        assertThrows(DeepDefenseException.class, () -> engine.trainer().discard("net"));
        goOn.countDown();
        first.await();
    }

    @Test
    void wrongRequestsAreRefusedBeforeTheyBecomeJobs() {
        start();
        engine.dataset("wide", new Blobs(SIZE, new Shape(1, 2, 4)));
        DatasetSpec wide = DatasetSpec.of("wide", Split.TRAIN);
        PluginSpec plain = PluginSpec.of("plain");
        String shapes = refusal(TrainingRequest.builder(UNTRAINED, wide, plain, "net").build());
        assertTrue(shapes.contains("(1, 2, 3)") && shapes.contains("(1, 2, 4)"), shapes);
        assertTrue(
                refusal(
                                TrainingRequest.builder(
                                                UNTRAINED, TRAIN, PluginSpec.of("plane"), "net")
                                        .build())
                        .contains("did you mean \"plain\"?"));
        assertTrue(
                refusal(request().optAttack(PluginSpec.of("nothing")).build())
                        .contains("no attack \"nothing\""));
        assertTrue(
                refusal(
                                TrainingRequest.builder(
                                                new NetworkSource.Untrained("nothing"),
                                                TRAIN,
                                                plain,
                                                "net")
                                        .build())
                        .contains("no model \"nothing\""));
        assertTrue(
                refusal(TrainingRequest.builder(UNTRAINED, TRAIN, plain, "../net").build())
                        .contains("../net"));
        assertEquals(List.of(), engine.jobs().list());
    }
}
