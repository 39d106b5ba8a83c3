// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Criterion;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Defenses that change what they were given, or throw what nobody declared. */
@Timeout(60)
class HostileDefenseTest {

    @TempDir Path home;
    private TestEngine engine;

    @BeforeEach
    void start() {
        engine = new TestEngine(home);
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(20));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    @Test
    void aDefenseThatChangesItsImagesOrLabelsIsNamed() {
        for (BiConsumer<NDArray, NDArray> change :
                List.<BiConsumer<NDArray, NDArray>>of(
                        (images, labels) -> images.muli(0.5f),
                        (images, labels) -> labels.addi(1).modi(3))) {
            DeepDefenseException error = failure(change);
            assertContains(error.getMessage(), "\"hostile\"", "changed the images or labels");
        }
    }

    static List<Throwable> throwables() {
        return List.of(
                new IOException("checked"),
                new StackOverflowError("deep"),
                new AssertionError("impossible"),
                new CancellationException("bored"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whateverADefenseThrowsNamesItAndKeepsTheCause(Throwable fault) {
        DeepDefenseException error =
                failure(
                        (images, labels) -> {
                            throw HostileDefenseTest.<RuntimeException>unchecked(fault);
                        });
        assertContains(
                error.getMessage(),
                "\"hostile\"",
                fault.getClass().getSimpleName(),
                fault.getMessage());
        assertEquals(fault, error.getCause());
    }

    private DeepDefenseException failure(BiConsumer<NDArray, NDArray> script) {
        Runnable unregister =
                engine.defense(
                        "hostile", new Hostile(script), Map.of("deepdefense.learning.rate", 0.1));
        try {
            Job<TrainingResult> job =
                    engine.trainer()
                            .train(
                                    TrainingRequest.builder(
                                                    new NetworkSource.Untrained("linear"),
                                                    DatasetSpec.of("blobs", Split.TRAIN),
                                                    PluginSpec.of("hostile"),
                                                    "net")
                                            .optScale(1)
                                            .build());
            return assertThrows(DeepDefenseException.class, job::await);
        } finally {
            unregister.run();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <T extends Throwable> T unchecked(Throwable fault) throws T {
        throw (T) fault;
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** Plain training that does first what a test tells it. */
    private record Hostile(BiConsumer<NDArray, NDArray> script) implements Defense<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Objective begin(DefenseContext<Nothing> context) {
            return shard -> {
                script.accept(shard.images(), shard.labels());
                Criterion criterion = Criterion.misclassification(shard.labels());
                return () -> criterion.loss(context.trainingLogits(shard.images())).mean();
            };
        }
    }
}
