// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.LinearModel;
import org.deepdefense.engine.internal.fixture.LinearWeights;
import org.deepdefense.engine.internal.fixture.NearestBoundary;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.network.NetworkSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of a batch from the job of an evaluation to an attack is short. */
@Timeout(60)
class WalkTest {

    /** One of them is the compiler's, between the types of a job and its result. */
    private static final int MOST = 17;

    private final AtomicReference<List<String>> walk = new AtomicReference<>();

    @Test
    void aBatchPassesFewFrames(@TempDir Path home) throws Exception {
        TestEngine engine = new TestEngine(home, Map.of("deepdefense.threads", "1"));
        engine.attack("nearest", new NearestBoundary((context, images) -> walk.set(frames())));
        engine.model("linear", new LinearModel());
        engine.dataset("blobs", new Blobs(3));
        NetworkSource network = new LinearWeights(1).save("linear", home.resolve("linear.npz"));
        try {
            engine.evaluator()
                    .evaluate(
                            EvaluationRequest.builder(
                                            network,
                                            DatasetSpec.of("blobs", Split.TEST),
                                            PluginSpec.of("nearest"))
                                    .build())
                    .await();
        } finally {
            engine.stop();
        }

        List<String> frames = walk.get();
        assertEquals("EvaluationJob.run", frames.get(0));
        assertTrue(frames.size() <= MOST, () -> String.join("\n", frames));
    }

    /** Returns the frames below the job, from its task to the attack, without the attack's own. */
    private static List<String> frames() {
        List<String> frames =
                StackWalker.getInstance()
                        .walk(
                                all ->
                                        all.dropWhile(frame -> !isEngine(frame.getClassName()))
                                                .takeWhile(frame -> !isJob(frame.getClassName()))
                                                .map(WalkTest::name)
                                                .collect(Collectors.toList()));
        Collections.reverse(frames);
        return frames;
    }

    private static boolean isEngine(String name) {
        return name.startsWith("org.deepdefense.engine.internal.attack.");
    }

    private static boolean isJob(String name) {
        return name.endsWith(".RunningJob");
    }

    private static String name(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
    }
}
