// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A class that no noise is taken for can be reached from an image of it. */
class AdversarialStartsTest {

    private static final Shape IMAGE = new Shape(1, 2, 2);

    /** Class 2 needs all pixels nearly white. */
    private static final float[][] WEIGHTS = {{0, 0, 0, 0}, {1, 1, -1, -1}, {9, 9, 9, 9}};

    private Networks networks;
    private BlockClassifier classifier;
    private NDArray images;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier = networks.linear(IMAGE, WEIGHTS, 0, 0, -35.5f);
        images =
                networks.manager()
                        .create(
                                new float[] {0.2f, 0.1f, 0.6f, 0.7f, 0.3f, 0.2f, 0.5f, 0.9f},
                                new Shape(2, 1, 2, 2));
    }

    @AfterEach
    void close() {
        networks.close();
    }

    /** Offers white images for the second sample only, as if nothing were known for the first. */
    private record Offering(List<String> warnings, List<Long> asked)
            implements AttackContext<Object> {

        @Override
        public Object parameters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double epsilon() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SampleRandom random() {
            return new SampleRandom(0, 0, 1);
        }

        @Override
        public NDArray startingPoints(NDArray some, Criterion criterion) {
            asked.add(some.getShape().get(0));
            NDArray starts = some.duplicate();
            long last = some.getShape().get(0) - 1;
            starts.set(new NDIndex(last), 1);
            return starts;
        }

        @Override
        public void checkCancelled() {}

        @Override
        public void warn(String message) {
            warnings.add(message);
        }
    }

    private static NDArray refine(
            Offering context, BlockClassifier network, NDArray x, Criterion c) {
        return new AdversarialStarts(network, context, 20)
                .refine(x, c, (clean, starts, goal, random) -> starts);
    }

    @Test
    void anImageOfTheTargetIsTheStart() {
        Offering context = new Offering(new ArrayList<>(), new ArrayList<>());
        NDArray targets = networks.manager().create(new long[] {2, 2});
        NDArray result = refine(context, classifier, images, Criterion.targeted(targets));

        assertEquals(List.of(2L), context.asked());
        NDArray predictions = classifier.predict(result).argMax(1);
        assertArrayEquals(new long[] {0, 2}, predictions.toLongArray());
        assertTrue(result.get(1).min().getFloat() < 0.9999f, "it is blended with the clean image");
        assertArrayEquals(images.get(0).toFloatArray(), result.get(0).toFloatArray());
        assertTrue(context.warnings().get(0).startsWith("no start was found for some images"));
    }

    @Test
    void noiseComesFirstWhereAnyClassWillDo() {
        Offering context = new Offering(new ArrayList<>(), new ArrayList<>());
        NDArray labels = networks.manager().zeros(new Shape(2), DataType.INT64);
        NDArray result = refine(context, classifier, images, Criterion.misclassification(labels));

        assertEquals(List.of(), context.asked());
        NDArray predictions = classifier.predict(result).argMax(1);
        assertArrayEquals(new long[] {1, 1}, predictions.toLongArray());
        assertEquals(List.of(), context.warnings());
    }
}
