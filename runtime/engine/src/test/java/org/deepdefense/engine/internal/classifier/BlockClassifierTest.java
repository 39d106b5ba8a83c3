// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.deepdefense.djl.Autograd;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.Test;

class BlockClassifierTest {

    private static final Shape IMAGE = new Shape(1, 1, 2);

    @Test
    void normalisationIsAPartOfTheClassifier() {
        try (Autograd autograd = new Autograd();
                NDManager manager = NDManager.newBaseManager()) {
            NDArray mean = manager.create(new float[] {10, 20}, IMAGE);
            BlockClassifier classifier = flatten(autograd, 100, Optional.of(mean));
            NDArray images = manager.create(new float[] {0.5f, 0.25f}, new Shape(1, 1, 1, 2));

            assertArrayEquals(new float[] {40, 5}, classifier.predict(images).toFloatArray());
            assertArrayEquals(new float[] {50, 25}, classifier.scale(images).toFloatArray());
        }
    }

    @Test
    void gradientsSurviveTheGarbageCollector() {
        try (Autograd autograd = new Autograd();
                NDManager manager = NDManager.newBaseManager()) {
            BlockClassifier classifier = flatten(autograd, 3, Optional.empty());
            for (int i = 0; i < 20; i++) {
                NDArray images = manager.ones(new Shape(1, 1, 1, 2));
                images.setRequiresGradient(true);
                NDArray logits = classifier.logits(images);
                System.gc();
                overwriteFreedBuffers();
                NDArray gradient = classifier.gradient(logits, images, logits.onesLike(), false);
                assertArrayEquals(new float[] {3, 3}, gradient.toFloatArray());
            }
        }
    }

    private static void overwriteFreedBuffers() {
        for (int i = 0; i < 2000; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES);
            buffer.put(0, (byte) 0x7f).put(3, (byte) 0x7f);
        }
    }

    @Test
    void callsAreCountedForEachImage() {
        try (Autograd autograd = new Autograd();
                NDManager manager = NDManager.newBaseManager()) {
            BlockClassifier classifier = flatten(autograd, 1, Optional.empty());
            NDArray images = manager.ones(new Shape(3, 1, 1, 2));
            classifier.predict(images);
            classifier.lossGradient(images, logits -> logits.sum(new int[] {1}));
            assertEquals(new Classifier.Calls(6, 3), classifier.calls());
        }
    }

    private static BlockClassifier flatten(
            Autograd autograd, double scale, Optional<NDArray> mean) {
        return new BlockClassifier(
                autograd, Blocks.batchFlattenBlock(), IMAGE, 2, Bounds.UNIT, scale, mean);
    }
}
