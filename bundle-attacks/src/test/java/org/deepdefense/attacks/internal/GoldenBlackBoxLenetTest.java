package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares attacks without gradients with those of other libraries on the first images of the
 * reference LeNet, as many as a test has time for.
 */
class GoldenBlackBoxLenetTest {

    @ParameterizedTest
    @CsvSource({"square_linf_0.1, 20", "square_l2_1.0, 8", "spsa_0.1_torchattacks, 4"})
    void succeedsAsOftenAsOtherLibraries(String name, int images) {
        AttackRun<?> run =
                switch (name) {
                    case "square_linf_0.1" ->
                            AttackRun.of(new Square()).with("epsilon", 0.1).with("steps", 1000);
                    case "square_l2_1.0" ->
                            AttackRun.of(new SquareL2()).with("epsilon", 1).with("steps", 1000);
                    default -> AttackRun.of(new Spsa()).with("epsilon", 0.1).with("steps", 10);
                };
        try (GoldenLenet golden = GoldenLenet.open(images)) {
            int expected = count(golden.success(name + ".seed0"));
            int actual = count(execute(golden, run).success().toBooleanArray());
            assertTrue(Math.abs(expected - actual) <= 1, name + ": " + actual + " of " + expected);
        }
    }

    /** One pixel is not enough for any of the images. */
    @Test
    void onePixelFailsWhereThatOfTorchattacksFails() {
        try (GoldenLenet golden = GoldenLenet.open(20)) {
            AttackRun<?> run = AttackRun.of(new OnePixel()).with("population", 9).with("steps", 10);
            assertEquals(0, count(golden.success("onepixel_torchattacks.seed0")));
            assertEquals(0, count(execute(golden, run).success().toBooleanArray()));
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

    private static AttackOutcome execute(GoldenLenet golden, AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), golden.fromLabels());
    }

    private static int count(boolean... values) {
        return (int) IntStream.range(0, values.length).filter(i -> values[i]).count();
    }
}
