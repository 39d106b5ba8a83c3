// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.baseline.UniformNoise;
import org.deepdefense.attacks.internal.decision.BoundaryAttack;
import org.deepdefense.attacks.internal.decision.HopSkipJump;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.score.Spsa;
import org.deepdefense.attacks.internal.score.Square;
import org.deepdefense.attacks.internal.score.SquareL2;
import org.deepdefense.attacks.internal.sparse.OnePixel;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares attacks without gradients with those of other libraries on the first images of the
 * reference LeNet, as many as a test has time for.
 */
@Tag("slow")
class GoldenBlackBoxLenetTest {

    /** Square attacks, and images of which the library fools some and not others. */
    static Stream<Arguments> squares() {
        return Stream.of(
                Arguments.of(
                        "square_linf_0.1",
                        AttackRun.of(new Square()).with("epsilon", 0.1),
                        IntStream.range(0, 20).toArray()),
                Arguments.of(
                        "square_l2_1.0",
                        AttackRun.of(new SquareL2()).with("epsilon", 1),
                        new int[] {18, 36, 92, 96, 0, 1, 2, 3}));
    }

    @ParameterizedTest
    @MethodSource("squares")
    void squareSucceedsAsOftenAsThatOfAutoAttack(String name, AttackRun<?> run, int... images) {
        try (GoldenLenet golden = GoldenLenet.choose(images)) {
            int expected = count(golden.success(name + ".seed0"));
            assertTrue(expected >= 4, "an attack that does nothing is told apart");
            AttackOutcome outcome = execute(golden, run.with("steps", 1000));
            int actual = count(outcome.success().toBooleanArray());
            assertTrue(Math.abs(expected - actual) <= 1, name + ": " + actual + " of " + expected);
        }
    }

    /**
     * In so few steps torchattacks fools one image of thirty, the first of these. What the others
     * lose is between what noise takes from them and what the gradient takes.
     */
    @Test
    void spsaFoolsTheImageThatTorchattacksFoolsAndComesNearWithOthers() {
        try (GoldenLenet golden = GoldenLenet.choose(18, 0, 6, 8)) {
            AttackOutcome outcome =
                    execute(
                            golden,
                            AttackRun.of(new Spsa()).with("epsilon", 0.1).with("steps", 10));
            assertArrayEquals(
                    golden.success("spsa_0.1_torchattacks.seed0"),
                    outcome.success().toBooleanArray());
            float[] spsa = margins(golden, outcome.adversarials());
            float[] noise = marginsAfter(golden, new UniformNoise());
            float[] gradient = marginsAfter(golden, new Fgsm());
            for (int i = 1; i < spsa.length; i++) {
                float third = (2 * noise[i] + gradient[i]) / 3;
                assertTrue(spsa[i] < third, "image " + i + " against noise");
                assertTrue(spsa[i] > gradient[i], "image " + i + " against the gradient");
            }
        }
    }

    private static float[] marginsAfter(GoldenLenet golden, Attack<?> attack) {
        AttackRun<?> run = AttackRun.of(attack).with("epsilon", 0.1);
        return margins(golden, execute(golden, run).adversarials());
    }

    private static float[] margins(GoldenLenet golden, NDArray images) {
        return Margins.of(golden.classifier().predict(images), golden.fromLabels()).toFloatArray();
    }

    /** One pixel is not enough for any of the images, but each of them loses some margin. */
    @Test
    void onePixelFailsWhereThatOfTorchattacksFails() {
        try (GoldenLenet golden = GoldenLenet.open(20)) {
            AttackRun<?> run = AttackRun.of(new OnePixel()).with("population", 9).with("steps", 10);
            AttackOutcome outcome = execute(golden, run);
            assertEquals(0, count(golden.success("onepixel_torchattacks.seed0")));
            assertEquals(0, count(outcome.success().toBooleanArray()));
            float[] margins = margins(golden, outcome.adversarials());
            float[] clean = margins(golden, golden.images());
            for (int i = 0; i < margins.length; i++) {
                assertTrue(margins[i] < clean[i], "image " + i + " lost nothing");
            }
        }
    }

    /** How many pixels an image needs is known from an attack with gradients. */
    @Test
    void onePixelFoolsTheImagesForWhichSigmaZeroNeedsOnePixel() {
        try (GoldenLenet golden = GoldenLenet.choose(184, 18, 92, 175, 193, 0, 1, 2)) {
            AttackRun<?> run =
                    AttackRun.of(new OnePixel()).with("population", 50).with("steps", 20);
            double[] pixels = golden.norms("sigma_zero_100_advlib", Norm.L0);
            boolean[] success = execute(golden, run).success().toBooleanArray();
            for (int i = 0; i < success.length; i++) {
                assertEquals(pixels[i] <= 1, success[i], pixels[i] + " pixels for image " + i);
            }
            assertEquals(1, count(success));
        }
    }

    /**
     * Foolbox divides the estimated normals of a batch by their common norm, so that its steps are
     * shorter than those of the paper. Nothing comes nearer than an attack with gradients.
     */
    @Test
    void hopSkipJumpComesNearerThanThatOfFoolbox() {
        try (GoldenLenet golden = GoldenLenet.open(3)) {
            AttackRun<?> run = AttackRun.of(new HopSkipJump()).with("steps", 20);
            AttackOutcome outcome = execute(golden, run);
            assertEquals(3, count(outcome.success().toBooleanArray()));
            NDArray perturbation = outcome.adversarials().sub(golden.images());
            float[] norms = Norm.L2.of(perturbation).toFloatArray();
            double[] foolbox = golden.norms("hsj_l2_foolbox.seed0", Norm.L2);
            double[] gradients = golden.norms("fab_l2_advlib", Norm.L2);
            for (int i = 0; i < norms.length; i++) {
                assertTrue(norms[i] < foolbox[i], norms[i] + " < " + foolbox[i]);
                assertTrue(norms[i] > 0.95 * gradients[i], norms[i] + " > " + gradients[i]);
            }
        }
    }

    /**
     * A walk of 5000 steps is still far from the boundary's nearest point, and how far depends on
     * where it began, so that only the mean over images is compared.
     */
    @Test
    void boundaryAttackComesAsNearAsThatOfFoolbox() {
        int images = 4;
        try (GoldenLenet golden = GoldenLenet.open(images)) {
            AttackRun<?> run = AttackRun.of(new BoundaryAttack()).with("steps", 5000);
            AttackOutcome outcome = execute(golden, run);
            assertEquals(images, count(outcome.success().toBooleanArray()));
            float[] norms = Norm.L2.of(outcome.adversarials().sub(golden.images())).toFloatArray();
            double[] foolbox = golden.norms("boundary_foolbox.seed0", Norm.L2);
            double logarithms = 0;
            for (int i = 0; i < images; i++) {
                logarithms += Math.log(norms[i] / foolbox[i]);
            }
            assertEquals(1, Math.exp(logarithms / images), 0.1, "ours are as long");
        }
    }

    private static AttackOutcome execute(GoldenLenet golden, AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), golden.fromLabels());
    }

    private static int count(boolean... values) {
        return (int) IntStream.range(0, values.length).filter(i -> values[i]).count();
    }
}
