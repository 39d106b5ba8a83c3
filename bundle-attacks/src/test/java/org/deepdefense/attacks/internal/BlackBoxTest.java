// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.baseline.Blur;
import org.deepdefense.attacks.internal.baseline.Contrast;
import org.deepdefense.attacks.internal.baseline.SaltAndPepper;
import org.deepdefense.attacks.internal.baseline.Spatial;
import org.deepdefense.attacks.internal.decision.BoundaryAttack;
import org.deepdefense.attacks.internal.decision.HopSkipJump;
import org.deepdefense.attacks.internal.decision.HopSkipJumpLinf;
import org.deepdefense.attacks.internal.score.Bump;
import org.deepdefense.attacks.internal.score.DifferenceQuotients;
import org.deepdefense.attacks.internal.score.Simba;
import org.deepdefense.attacks.internal.score.SquareSearch;
import org.deepdefense.attacks.internal.score.Windows;
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks without gradients where the answer can be computed by hand, and their parts. */
class BlackBoxTest {

    private Networks networks;

    @BeforeEach
    void open() {
        networks = new Networks();
    }

    @AfterEach
    void close() {
        networks.close();
    }

    /** The values of the paper's code, for 10,000 steps. */
    @ParameterizedTest
    @CsvSource({"0,1", "10,1", "11,2", "50,2", "51,4", "201,8", "501,16", "1001,32", "8001,512"})
    void squaresShrinkAsInThePaper(int step, double divisor) {
        assertEquals(0.8 / divisor, new SquareSearch.Schedule(10_000, 0.8, true).area(step));
        assertEquals(0.8 / divisor, new SquareSearch.Schedule(50_000, 0.8, false).area(step));
        assertEquals(0.8 / divisor, new SquareSearch.Schedule(100_000, 0.8, true).area(step * 10));
    }

    @ParameterizedTest
    @CsvSource({"5,5", "2,2", "7,3", "1,4", "1,1"})
    void bumpsHaveLengthOneAndTwoSigns(long height, long width) {
        NDArray bumps = Bump.both(networks.manager(), height, width);
        assertArrayEquals(new float[] {1, 1}, Norm.L2.of(bumps).toFloatArray(), 1e-6f);
        if (height > 1) {
            assertTrue(bumps.get(1).get(0).min().getFloat() > 0, "the upper half");
            assertTrue(bumps.get(1).get(height - 1).max().getFloat() < 0, "the lower half");
        }
        if (width > 1) {
            assertTrue(bumps.get(0).get(":, 0").min().getFloat() > 0, "the left half");
            assertTrue(bumps.get(0).get(":, -1").max().getFloat() < 0, "the right half");
        }
    }

    @Test
    void windowsReachAllEdgesAndNothingElse() {
        NDArray ends = networks.manager().create(new float[][] {{0, 0}, {1, 1}, {0.5f, 0.5f}});
        Shape image = new Shape(2, 3, 5);
        NDArray contains = Windows.draw(ends, 0, 2, 2, image).contains();
        assertEquals(new Shape(3, 2, 3, 5), contains.getShape());
        assertEquals("[[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]]", bits(contains, 0));
        assertEquals("[[0, 0, 0, 0, 0], [0, 0, 0, 1, 1], [0, 0, 0, 1, 1]]", bits(contains, 1));
        assertEquals("[[0, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 1, 1, 0]]", bits(contains, 2));
    }

    private static String bits(NDArray contains, int sample) {
        StringBuilder rows = new StringBuilder();
        for (long row = 0; row < 3; row++) {
            StringBuilder cells = new StringBuilder();
            for (boolean cell : contains.get(sample, 1, row).toBooleanArray()) {
                cells.append(cells.isEmpty() ? "" : ", ").append(cell ? 1 : 0);
            }
            rows.append(rows.isEmpty() ? "" : ", ").append('[').append(cells).append(']');
        }
        return "[" + rows + "]";
    }

    /** Both distributions of directions estimate the gradient of a margin, here −2/d. */
    @Test
    void differenceQuotientsEstimateTheGradient() {
        Shape shape = new Shape(1, 3, 4);
        BlockClassifier classifier = networks.twoClass(shape);
        NDArray images = networks.manager().full(new Shape(2, 1, 3, 4), 0.75f);
        Criterion criterion = Criterion.misclassification(Networks.predictions(classifier, images));
        for (DifferenceQuotients.Directions directions :
                List.<DifferenceQuotients.Directions>of(Draws::signs, SampleRandom::normal)) {
            NDArray gradient =
                    new DifferenceQuotients(directions, 2000, 0.01)
                            .gradient(classifier, images, criterion, new SampleRandom(1, 0, 1));
            float[] expected = new float[24];
            Arrays.fill(expected, 2f / 12);
            assertArrayEquals(expected, gradient.toFloatArray(), 0.05f);
        }
    }

    /** On the way from 0.75 to black, the two-class family changes its mind at 0.5. */
    @Test
    void contrastIsTakenAwayAsFarAsNeeded() {
        BlockClassifier classifier = networks.twoClass(new Shape(1, 4, 6));
        NDArray images = networks.manager().full(new Shape(2, 1, 4, 6), 0.75f);
        NDArray result = attack(AttackRun.of(new Contrast()).with("target", 0), classifier, images);
        assertEquals(0.5f, result.max().getFloat(), 1e-4f);
        assertEquals(0.5f, result.min().getFloat(), 1e-4f);
    }

    /** A white pixel on black, and a network that sees that pixel only. */
    @Test
    void blurSpreadsAPixelUntilHalfIsLeft() {
        float[][] weights = new float[2][49];
        weights[1][24] = 1;
        BlockClassifier classifier = networks.linear(new Shape(1, 7, 7), weights, 0.5f, 0);
        NDArray image = networks.manager().zeros(new Shape(1, 1, 7, 7));
        image.setScalar(new NDIndex("0, 0, 3, 3"), 1);
        NDArray result = attack(AttackRun.of(new Blur()), classifier, image);
        assertEquals(0.5f, result.getFloat(0, 0, 3, 3), 1e-3f);
        assertEquals(1, result.sum().getFloat(), 1e-5f);
        double neighbour = result.getFloat(0, 0, 3, 4) / 0.5;
        assertEquals(Math.pow(neighbour, 4), result.getFloat(0, 0, 3, 5) / 0.5, 1e-3);
        assertEquals(neighbour * neighbour, result.getFloat(0, 0, 2, 4) / 0.5, 1e-3);
    }

    @Test
    void translationsMoveAllPixelsAndFillWithBlack() {
        float[] pixels = {.1f, .2f, .3f, .4f, .9f, .6f, .7f, .8f, .5f};
        AttackRun<?> run =
                AttackRun.of(new Spatial())
                        .with("rotations", 1)
                        .with("translations", 3)
                        .with("maxTranslation", 1);
        assertMoved(run, 5, pixels, 0, .1f, .2f, 0, .4f, .9f, 0, .7f, .8f);
    }

    @Test
    void rotationsByARightAngleOnlyPermutePixels() {
        float[] pixels = {.1f, .2f, .9f, .4f, .5f, .6f, .7f, .8f, .3f};
        AttackRun<?> run =
                AttackRun.of(new Spatial())
                        .with("rotations", 2)
                        .with("translations", 1)
                        .with("maxRotation", 90);
        assertMoved(run, 8, pixels, .7f, .4f, .1f, .8f, .5f, .2f, .3f, .6f, .9f);
    }

    /** Attacks a network that errs as soon as one pixel is above 0.85. */
    private void assertMoved(AttackRun<?> run, int pixel, float[] pixels, float... expected) {
        float[][] weights = new float[2][9];
        weights[0][pixel] = 1;
        BlockClassifier classifier = networks.linear(new Shape(1, 3, 3), weights, 0, 0.85f);
        NDArray image = networks.manager().create(pixels, new Shape(1, 1, 3, 3));
        assertArrayEquals(expected, attack(run, classifier, image).toFloatArray(), 1e-5f);
    }

    @Test
    void saltAndPepperIsBlackAndWhiteAndLessWithMoreSteps() {
        BlockClassifier classifier = networks.twoClass(new Shape(3, 6, 6));
        NDArray images = networks.manager().full(new Shape(4, 3, 6, 6), 0.51f);
        AttackRun<?> run = AttackRun.of(new SaltAndPepper());
        NDArray few = attack(run.with("steps", 20), classifier, images);
        NDArray many = attack(run.with("steps", 300), classifier, images);
        NDArray grey = many.sub(0.51f).abs().lte(1e-6);
        NDArray extreme = many.eq(0).logicalOr(many.eq(1));
        assertTrue(grey.logicalOr(extreme).all().getBoolean());
        assertEquals(many.get(":, 0"), many.get(":, 2"), "channels change together");
        float before = Norm.L2.of(few.sub(images)).mean().getFloat();
        float after = Norm.L2.of(many.sub(images)).mean().getFloat();
        assertTrue(after > 0 && after < before, after + " < " + before);
    }

    @Test
    void imagesWithoutAStartStayAsTheyAre() {
        BlockClassifier flat = networks.linear(new Shape(1, 2, 3), new float[2][6], 0, 1);
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 3), 0.5f);
        Criterion criterion = Criterion.targeted(networks.manager().create(new long[] {0, 0}));
        for (Attack<?> attack :
                List.of(new BoundaryAttack(), new HopSkipJump(), new HopSkipJumpLinf())) {
            AttackRun.Raw raw = AttackRun.of(attack).with("draws", 5).raw(flat, images, criterion);
            assertEquals(images, raw.images());
            assertEquals(1, raw.context().warnings().size());
            assertTrue(raw.context().warnings().get(0).contains("none of 5 images of noise"));
        }
    }

    @Test
    void cosinesOfLowFrequencyMakeSmoothPerturbations() {
        BlockClassifier classifier = networks.twoClass(new Shape(1, 6, 6));
        NDArray images = networks.manager().full(new Shape(2, 1, 6, 6), 0.6f);
        AttackRun<?> run =
                AttackRun.of(new Simba())
                        .with("dct", true)
                        .with("frequencies", 0.1)
                        .with("steps", 9);
        NDArray result = attack(run, classifier, images);
        assertEquals(result.max().getFloat(), result.min().getFloat(), 1e-6f);
        assertTrue(result.max().getFloat() < 0.5f);
    }

    /** Both values halve as often on the way to the boundary, so that only probes differ. */
    @Test
    void gammaScalesTheProbesOfHopSkipJump() {
        BlockClassifier classifier = networks.trigonometric();
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 2), 0.4f);
        AttackRun<?> run = AttackRun.of(new HopSkipJump());
        NDArray first = attack(run.with("steps", 1), classifier, images);
        assertEquals(first, attack(run.with("steps", 1).with("gamma", 1.9), classifier, images));
        NDArray third = attack(run.with("steps", 3), classifier, images);
        NDArray longer = attack(run.with("steps", 3).with("gamma", 1.9), classifier, images);
        assertFalse(third.equals(longer), "other probes");
    }

    private static NDArray attack(AttackRun<?> run, BlockClassifier classifier, NDArray images) {
        NDArray labels = Networks.predictions(classifier, images);
        return run.on(classifier, images, Criterion.misclassification(labels)).adversarials();
    }
}
