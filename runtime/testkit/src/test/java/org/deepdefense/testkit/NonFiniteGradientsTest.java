// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.classifier.WatchedClassifier;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients that are NaN or infinite are noticed where they are taken, and of which images. */
class NonFiniteGradientsTest {

    private static final Shape IMAGE = new Shape(1, 1, 2);

    private Networks networks;
    private BlockClassifier classifier;

    /** All pixels of the first and the last image are bright; each of the others has dark ones. */
    private NDArray images;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier =
                networks.withoutGradientsInTheDark(
                        IMAGE, new float[][] {{1, 1}, {-1, -1}}, 0.1f, 0);
        float[] pixels = {.9f, .8f, .2f, .8f, .7f, .1f, .6f, .7f};
        images = networks.manager().create(pixels, new Shape(4).addAll(IMAGE));
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void theyAreReportedOfTheirRowsAndBecomeZero() {
        List<String> seen = new ArrayList<>();
        Classifier watched =
                new WatchedClassifier(classifier, (input, rows) -> seen.add(Arrays.toString(rows)));
        NDArray labels = networks.manager().zeros(new Shape(4), DataType.INT64);
        NDArray gradient =
                watched.lossGradient(images, Criterion.misclassification(labels).loss()).gradient();
        assertArrayEquals(
                new float[] {-1, -1, 0, -1, -1, 0, -1, -1}, gradient.sign().toFloatArray());
        NDArray x = images.duplicate();
        x.setRequiresGradient(true);
        NDArray products =
                Autograd.recording(
                        true,
                        () -> {
                            NDArray logits = watched.logits(x);
                            NDArray ones = logits.onesLike();
                            return watched.gradients(
                                    logits, x, ones.stack(ones.mul(2)).stopGradient());
                        });
        assertTrue(Float.isFinite(products.sum().getFloat()));
        assertEquals(List.of("[false, true, true, false]", "[false, true, true, false]"), seen);
    }

    @Test
    void largeGradientsWhoseSumOverflowsAreFinite() {
        BlockClassifier steep =
                networks.linear(IMAGE, new float[][] {{3e38f, 3e38f}, {-3e38f, 3e38f}}, 0, 0);
        Classifier watched =
                new WatchedClassifier(
                        steep,
                        (input, rows) -> {
                            throw new AssertionError("not finite: " + Arrays.toString(rows));
                        });
        NDArray gradient = watched.lossGradient(images, logits -> logits.get(":, 0")).gradient();
        assertEquals(3e38f, gradient.min().getFloat());
    }

    @Test
    void theImagesAreKnownThoughTheAttackTakesThemInAnotherOrder() {
        NDArray labels = networks.manager().zeros(new Shape(4), DataType.INT64);
        // Twice the third image, moved a little, and the first.
        AttackOutcome outcome =
                AttackRun.of(
                                new Looking(
                                        x ->
                                                x.get("2:3")
                                                        .add(0.01f)
                                                        .concat(x.get("2:3"), 0)
                                                        .concat(x.get("0:1"), 0)))
                        .on(classifier, images, Criterion.misclassification(labels));
        assertArrayEquals(
                new boolean[] {true, true, false, true},
                outcome.finiteGradients().toBooleanArray());
    }

    @Test
    void whereTheImagesCantBeKnownItMayBeAnyOfThem() {
        NDArray labels = networks.manager().zeros(new Shape(4), DataType.INT64);
        AttackOutcome outcome =
                AttackRun.of(new Looking(x -> x.get("1:2").mul(Float.NaN)))
                        .on(classifier, images, Criterion.misclassification(labels));
        assertEquals(0, outcome.finiteGradients().countNonzero().getLong());
    }

    @Test
    void imagesThatNeedNoAttackKeepFiniteGradients() {
        NDArray labels = networks.manager().create(new long[] {0, 1, 0, 0});
        AttackOutcome outcome =
                AttackRun.of(new Looking(x -> x))
                        .on(classifier, images, Criterion.misclassification(labels));
        assertArrayEquals(
                new boolean[] {true, true, false, true},
                outcome.finiteGradients().toBooleanArray());
    }

    /** Where an attack looks. */
    @FunctionalInterface
    private interface Look {
        NDArray at(NDArray images);
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** An attack that takes a gradient somewhere and returns the images. */
    private record Looking(Look look) implements MinimumNormAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Norm norm() {
            return Norm.L2;
        }

        @Override
        public NDArray run(
                Classifier network, NDArray batch, Criterion goal, AttackContext<Nothing> context) {
            network.lossGradient(look.at(batch), logits -> logits.get(":, 0"));
            return batch;
        }
    }
}
