// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must not matter to an attack: the scale of logits, masked classes, the bounds of pixels, and
 * that an image lies on a boundary.
 */
abstract class NumericContract {

    private static final Shape IMAGE = new Shape(1, 4, 6);

    /** A range by which numbers are multiplied without rounding. */
    private static final Bounds STRETCHED = new Bounds(0, 256);

    private static final float CENTER = 0.5f;

    abstract Networks networks();

    abstract Norm norm();

    /** Returns the attack with a budget, if it takes one. */
    abstract AttackRun<?> sized(double epsilon);

    /** Attacks images of the two-class family from all pixels near 0.75. */
    abstract void assertReachesBoundary(Classifier classifier, NDArray images, Criterion goal);

    /**
     * Tells whether the attack finds what is there to be found on a linear network.
     *
     * @return true; a baseline of mere noise returns false
     */
    protected abstract boolean followsGradient();

    @ParameterizedTest
    @ValueSource(doubles = {1e-10, 1e10, 1e30})
    void doesNotCareForTheScaleOfLogits(double factor) {
        assertSameAs(plain -> DistortedLogits.scaled(plain, factor));
    }

    @ParameterizedTest
    @CsvSource({"1, -3.4028234663852886e38", "1e10, -Infinity"})
    void leavesMaskedClassesOut(double factor, double mask) {
        assertSameAs(plain -> new DistortedLogits(plain, factor, 0, OptionalDouble.of(mask)));
    }

    /** Distorts a network. */
    private interface Distortion {
        Classifier of(Classifier plain);
    }

    private void assertSameAs(Distortion distortion) {
        Assumptions.assumeTrue(
                sized(0).attack().access() != Access.DECISIONS,
                "Skipped: the attack sees no logits");
        BlockClassifier plain = networks().twoClass(IMAGE);
        NDArray images = random(3).normal(networks().manager(), IMAGE).mul(0.03).add(0.75f);
        Criterion goal = Criterion.misclassification(Networks.predictions(plain, images));
        if (followsGradient()) {
            assertReachesBoundary(distortion.of(plain), images, goal);
        } else {
            AttackOutcome expected = sized(0.3).on(plain, images, goal);
            AttackOutcome actual = sized(0.3).on(distortion.of(plain), images, goal);
            assertArrayEquals(
                    expected.success().toBooleanArray(), actual.success().toBooleanArray());
        }
    }

    /** Parameters in units of pixels scale with the bounds, but for the budget. */
    @Test
    void findsTheSameInOtherBounds() {
        BlockClassifier unit = networks().trigonometric();
        NDArray images = random(4).uniform(networks().manager(), unit.inputShape(), 0.1, 0.9);
        Criterion goal = Criterion.misclassification(Networks.predictions(unit, images));
        StretchedPixels stretched = new StretchedPixels(unit, STRETCHED);
        NDArray expected = sized(0.25).raw(unit, images, goal).images();
        NDArray actual =
                sized(0.25 * STRETCHED.range())
                        .raw(stretched, stretched.stretched(images), goal)
                        .images();
        assertArrayEquals(
                expected.toFloatArray(), actual.div(STRETCHED.range()).toFloatArray(), 1e-3f);
    }

    /** Far from 0, float32 hides small differences of logits: steps are as long as can show. */
    @ParameterizedTest
    @CsvSource({"0, 0.01", "-1e6, 0.4", "1e6, 0.4"})
    void crossesABoundaryThatRunsThroughTheImage(double offset, double longest) {
        assumeMinimumNorm();
        float[][] weights = new float[4][16];
        Arrays.fill(weights[0], 0.25f);
        Arrays.fill(weights[1], -0.25f);
        Classifier even = networks().linear(new Shape(1, 4, 4), weights, -2, 2, -1, -2);
        assertCrosses(new DistortedLogits(even, 1, offset, OptionalDouble.empty()), longest);
    }

    @Test
    void crossesABoundaryOfAllClasses() {
        assumeMinimumNorm();
        float[][] weights = new float[4][16];
        float[] biases = new float[4];
        for (int k = 0; k < weights.length; k++) {
            for (int i = 0; i < weights[k].length; i++) {
                weights[k][i] = (i % 4 == k ? -1 : 1) / 4f;
                biases[k] -= weights[k][i] * CENTER;
            }
        }
        assertCrosses(networks().linear(new Shape(1, 4, 4), weights, biases), 0.01);
    }

    private void assumeMinimumNorm() {
        AttackRun<?> run = sized(0);
        Assumptions.assumeTrue(
                run.attack() instanceof MinimumNormAttack
                        && run.attack().access() == Access.GRADIENTS,
                "Skipped: the attack does not look for the nearest image by gradients");
    }

    private void assertCrosses(Classifier classifier, double longest) {
        NDArray images = networks().manager().full(new Shape(2, 1, 4, 4), CENTER);
        NDArray logits = classifier.predict(images);
        Criterion goal = Criterion.misclassification(logits.argMax(1));
        AttackOutcome outcome = sized(0).on(classifier, images, goal);
        assertEquals(2, outcome.success().countNonzero().getLong(), "all succeed");
        float norm = norm().of(outcome.adversarials().sub(images)).max().getFloat();
        double most = norm() == Norm.L0 ? 16 : longest;
        assertTrue(norm > 0 && norm <= most, norm + " > " + most);
    }

    private static SampleRandom random(int samples) {
        long[] numbers = new long[samples];
        Arrays.setAll(numbers, i -> i);
        return new SampleRandom(5, numbers);
    }
}
