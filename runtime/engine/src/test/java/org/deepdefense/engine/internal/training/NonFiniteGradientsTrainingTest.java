// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.engine.internal.catalog.TestEngine;
import org.deepdefense.engine.internal.fixture.Blobs;
import org.deepdefense.engine.internal.fixture.CrossEntropy;
import org.deepdefense.engine.internal.fixture.SignStep;
import org.deepdefense.job.Job;
import org.deepdefense.model.ModelProvider;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A training notices gradients that are NaN, of pixels and of weights. */
@Timeout(60)
class NonFiniteGradientsTrainingTest {

    private static final int SIZE = 20;

    @TempDir Path home;
    private TestEngine engine;

    /** A linear model with a root whose derivative is NaN at 0. */
    private record Rooted(boolean last) implements ModelProvider {

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
            Block root = new LambdaBlock(list -> new NDList(root(list.singletonOrThrow())));
            Block linear = Linear.builder().setUnits(3).build();
            SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock());
            return last ? block.add(linear).add(root) : block.add(root).add(linear);
        }

        private static NDArray root(NDArray x) {
            NDArray above = x.gt(0.2f).toType(DataType.FLOAT32, false);
            return x.mul(above).square().sqrt();
        }
    }

    @BeforeEach
    void start() {
        engine = new TestEngine(home);
        engine.attack("sign", new SignStep(), Map.of(), SignStep.metatype());
        engine.defense(
                "plain",
                new CrossEntropy(step -> {}),
                Map.of("deepdefense.attack", "sign", "deepdefense.learning.rate", 0.1));
        engine.model("before", new Rooted(false));
        engine.model("behind", new Rooted(true));
        engine.dataset("blobs", new Blobs(SIZE));
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    private Job<TrainingResult> train(String model) {
        return engine.trainer()
                .train(
                        TrainingRequest.builder(
                                        new NetworkSource.Untrained(model),
                                        DatasetSpec.of("blobs", Split.TRAIN),
                                        PluginSpec.parse("plain:attacked=true"),
                                        "net")
                                .optEpochs(2)
                                .optBatchSize(SIZE)
                                .optScale(1)
                                .build());
    }

    @Test
    void itWarnsOfTheShareOfTheImages() throws Exception {
        Job<TrainingResult> job = train("before");
        job.await();
        List<String> warnings = job.warnings();
        assertEquals(
                1,
                warnings.stream().filter(w -> w.contains("not finite numbers")).count(),
                warnings.toString());
        assertTrue(
                warnings.toString().matches(".* on \\d+ of \\d+ images .*"), warnings.toString());
    }

    @Test
    void itEndsBeforeTheWeightsAreDamaged() {
        String message =
                assertThrows(DeepDefenseException.class, () -> train("behind").await())
                        .getMessage();
        assertTrue(message.contains("gradients of the weights"), message);
        assertTrue(message.contains("no derivative"), message);
    }
}
