// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.baseline.GaussianNoise;
import org.deepdefense.attacks.internal.baseline.UniformNoise;
import org.deepdefense.attacks.internal.decision.BoundaryAttack;
import org.deepdefense.attacks.internal.decision.HopSkipJump;
import org.deepdefense.attacks.internal.decision.HopSkipJumpLinf;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.attacks.internal.score.Nes;
import org.deepdefense.attacks.internal.score.Simba;
import org.deepdefense.attacks.internal.score.Spsa;
import org.deepdefense.attacks.internal.score.Square;
import org.deepdefense.attacks.internal.score.SquareL2;
import org.deepdefense.attacks.internal.sparse.OnePixel;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares attacks without gradients with those of other libraries, on one small network. */
@Tag("slow")
class GoldenBlackBoxTest {

    private static final double SAMPLE = 1 / 16.0;

    private Golden golden;

    @BeforeEach
    void open() {
        golden = Golden.open();
    }

    @AfterEach
    void close() {
        if (golden != null) {
            golden.close();
        }
    }

    @Test
    void squareIsAsStrongAsThatOfAutoAttack() {
        AttackRun<?> run = AttackRun.of(new Square()).with("epsilon", 0.05).with("steps", 1000);
        assertAccuracyInRange("square_linf_0.05", execute(run));
    }

    /** Images of this size have no counterpart in AutoAttack. */
    @Test
    void squareInTheEuclideanNormIsBetweenNoiseAndGradients() {
        double noise = accuracy(AttackRun.of(new GaussianNoise()).with("repeats", 100), 0.4);
        double square = accuracy(AttackRun.of(new SquareL2()).with("steps", 500), 0.4);
        double pgd = accuracy(AttackRun.of(new PgdL2()), 0.4);
        assertTrue(square < noise - SAMPLE, square + " < " + noise);
        assertTrue(pgd <= square, pgd + " <= " + square);
    }

    @Test
    void spsaIsAsStrongAsThatOfTorchattacks() {
        AttackRun<?> run = AttackRun.of(new Spsa()).with("epsilon", 0.05).with("steps", 20);
        assertAccuracyInRange("spsa_0.05_torchattacks", execute(run));
    }

    /**
     * The population of torchattacks is 9, three for each gene. The range of its seeds, widened by
     * a sample, ends at the accuracy without attack, so that the mean of several seeds has to lie
     * in the range itself.
     */
    @Test
    void onePixelIsAsStrongAsThatOfTorchattacks() {
        AttackRun<?> run = AttackRun.of(new OnePixel()).with("population", 9).with("steps", 10);
        int seeds = 6;
        double sum = 0;
        for (long seed = 0; seed < seeds; seed++) {
            NDArray adversarials = execute(run.withSeed(seed));
            sum += golden.accuracy(adversarials);
            float most = Norm.L0.of(adversarials.sub(golden.images())).max().getFloat();
            assertEquals(1, most, "pixels changed");
        }
        JsonObject range = summary("onepixel_torchattacks");
        double mean = sum / seeds;
        assertTrue(
                mean >= range.get("robust_accuracy_min").getAsDouble()
                        && mean <= range.get("robust_accuracy_max").getAsDouble(),
                mean + " is not in " + range);
        assertAccuracyInRange("onepixel_torchattacks", execute(run));
    }

    @Test
    void morePixelsAreStronger() {
        AttackRun<?> run = AttackRun.of(new OnePixel()).with("population", 50).with("steps", 20);
        NDArray one = execute(run);
        NDArray five = execute(run.with("pixels", 5));
        assertTrue(golden.accuracy(five) < golden.accuracy(one));
        assertTrue(Norm.L0.of(five.sub(golden.images())).max().getFloat() <= 5);
    }

    @Test
    void hopSkipJumpIsAsNearAsThatOfFoolbox() {
        assertMedianInRange("hsj_l2_foolbox", AttackRun.of(new HopSkipJump()).with("steps", 20));
    }

    @Test
    void boundaryAttackIsAsNearAsThatOfFoolbox() {
        assertMedianInRange(
                "boundary_foolbox", AttackRun.of(new BoundaryAttack()).with("steps", 5000));
    }

    /** Both follow the boundary, but one of them counts the largest change only. */
    @Test
    void hopSkipJumpMakesItsOwnNormSmall() {
        AttackRun<?> run = AttackRun.of(new HopSkipJumpLinf()).with("steps", 10);
        double linf = median(Norm.LINF, execute(run));
        NDArray l2 = execute(AttackRun.of(new HopSkipJump()).with("steps", 10));
        double deepFool = median(Norm.LINF, execute(AttackRun.of(new DeepFoolLinf())));
        assertTrue(linf < median(Norm.LINF, l2), linf + " in L∞");
        assertTrue(linf > 0.9 * deepFool && linf < 2 * deepFool, linf + " near " + deepFool);
    }

    @Test
    void nesAndSimbaAreBetweenNoiseAndGradients() {
        double noise = accuracy(AttackRun.of(new UniformNoise()), 0.05);
        double nes = accuracy(AttackRun.of(new Nes()).with("steps", 50), 0.05);
        double pgd = accuracy(AttackRun.of(new Pgd()), 0.05);
        assertTrue(nes < noise - SAMPLE, nes + " < " + noise);
        assertTrue(pgd <= nes, pgd + " <= " + nes);
        double simba = median(Norm.L2, execute(AttackRun.of(new Simba())));
        double deepFool = median(Norm.L2, execute(AttackRun.of(new DeepFool())));
        assertTrue(simba > deepFool && simba < 5 * deepFool, simba + " above " + deepFool);
    }

    private double accuracy(AttackRun<?> run, double epsilon) {
        return golden.accuracy(execute(run.with("epsilon", epsilon)));
    }

    private void assertAccuracyInRange(String name, NDArray adversarials) {
        JsonObject range = summary(name);
        double low = range.get("robust_accuracy_min").getAsDouble();
        double high = range.get("robust_accuracy_max").getAsDouble();
        double accuracy = golden.accuracy(adversarials);
        assertTrue(
                accuracy >= low - SAMPLE && accuracy <= high + SAMPLE,
                name + ": " + accuracy + " is not near " + range);
    }

    private void assertMedianInRange(String name, AttackRun<?> run) {
        JsonObject range = summary(name);
        NDArray adversarials = execute(run);
        assertEquals(0, golden.accuracy(adversarials), name);
        double median = median(Norm.L2, adversarials);
        assertTrue(
                median >= 0.9 * range.get("median_l2_min").getAsDouble()
                        && median <= 1.1 * range.get("median_l2_max").getAsDouble(),
                name + ": " + median + " is not near " + range);
    }

    private JsonObject summary(String name) {
        return golden.json("library/attacks.json", "mlp", "stochastic", name, "summary");
    }

    /** Returns the median norm over the images that are classified correctly. */
    private double median(Norm norm, NDArray adversarials) {
        float[] norms = norm.of(adversarials.sub(golden.images())).toFloatArray();
        boolean[] correct =
                Networks.predictions(golden.classifier(), golden.images())
                        .eq(golden.labels())
                        .toBooleanArray();
        double[] sorted =
                IntStream.range(0, norms.length)
                        .filter(i -> correct[i])
                        .mapToDouble(i -> norms[i])
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private NDArray execute(AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), golden.fromLabels()).adversarials();
    }
}
