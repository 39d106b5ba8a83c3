// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images from which attacks may start. */
@Timeout(120)
class KnownImagesTest {

    private static final int SIZE = 60;
    private static final long NO_CLASS = 9;
    private static final DatasetSpec TEST = DatasetSpec.of("blobs", Split.TEST);

    @TempDir Path home;
    private final AtomicInteger checked = new AtomicInteger();
    private final LinearWeights weights = new LinearWeights(1);
    private TestEngine engine;
    private NetworkSource network;

    @BeforeEach
    void start() throws Exception {
        engine = new TestEngine(home);
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(SIZE));
        engine.attack("asking", new NearestBoundary(this::ask));
        network = weights.save("linear", home.resolve("linear.npz"));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    /** Compares starts with what plain Java finds among all images, whatever the limit is. */
    private void ask(AttackContext<?> context, NDArray images) {
        float[][] all = all();
        float[][] batch = rows(images);
        for (long aim : new long[] {0, 2, NO_CLASS}) {
            long[] aims = new long[batch.length];
            Arrays.fill(aims, aim);
            NDArray labels = images.getManager().create(aims);
            float[][] reach = rows(context.startingPoints(images, Criterion.targeted(labels)));
            float[][] leave =
                    rows(context.startingPoints(images, Criterion.misclassification(labels)));
            for (int i = 0; i < batch.length; i++) {
                assertArrayEquals(nearest(batch[i], all, k -> k == aim), reach[i], "to " + aim);
                assertArrayEquals(nearest(batch[i], all, k -> k != aim), leave[i], "from " + aim);
                checked.incrementAndGet();
            }
        }
    }

    private float[] nearest(float[] image, float[][] all, IntPredicate wanted) {
        return Arrays.stream(all)
                .filter(other -> wanted.test(weights.predict(weights.input(other))))
                .min(Comparator.comparingDouble(other -> distance(image, other)))
                .orElse(image);
    }

    private static double distance(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> Math.pow(one[i] - other[i], 2))
                .sum();
    }

    private static float[][] all() {
        try (NDManager manager = NDManager.newBaseManager()) {
            return rows(
                    new Blobs(SIZE)
                            .open(Split.TEST, null)
                            .images(manager, IntStream.range(0, SIZE).toArray()));
        }
    }

    private static float[][] rows(NDArray images) {
        float[] pixels = images.toFloatArray();
        int size = (int) Blobs.SHAPE.size();
        return IntStream.range(0, pixels.length / size)
                .mapToObj(i -> Arrays.copyOfRange(pixels, i * size, (i + 1) * size))
                .toArray(float[][]::new);
    }

    @Test
    void theNearestImageThatFulfilsTheCriterionIsAStart() throws Exception {
        EvaluationResult result =
                engine.evaluator()
                        .evaluate(
                                EvaluationRequest.builder(
                                                network,
                                                TEST.withLimit(20),
                                                PluginSpec.of("asking"))
                                        .optBatchSize(7)
                                        .build())
                        .await();
        assertEquals(3 * 20, checked.get());
        assertEquals(1, result.overall().forwardsPerSample(), "starts cost no calls");
    }
}
