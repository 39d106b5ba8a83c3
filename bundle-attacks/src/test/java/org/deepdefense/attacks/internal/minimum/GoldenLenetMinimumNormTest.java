// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares minimum-norm attacks that optimise with other implementations of them, on the reference
 * LeNet and the first images of MNIST.
 */
@Tag("slow")
class GoldenLenetMinimumNormTest {

    static Stream<Arguments> equalRuns() {
        return Stream.of(
                Arguments.of("ddn_advlib_256", AttackRun.of(new Ddn()).with("levels", 256)),
                Arguments.of("alma_l2_advlib", AttackRun.of(new Alma()).with("steps", 100)),
                Arguments.of("fmn_linf_advlib", AttackRun.of(new FmnLinf())),
                Arguments.of("fmn_l0_advlib", AttackRun.of(new FmnL0())));
    }

    @ParameterizedTest
    @MethodSource("equalRuns")
    void mediansEqualThoseOfLibraries(String name, AttackRun<?> run) {
        Medians medians = attack(name, 12, run);
        assertEquals(medians.theirs, medians.ours, 0.01 * medians.theirs);
    }

    /** The library's C&W took 7800 backward passes an image. */
    @Test
    void decoupledDirectionAndNormIsNearlyAsNearAsCarliniAndWagnerAtATenthOfTheCalls() {
        try (GoldenLenet golden = GoldenLenet.open(12)) {
            Classifier.Calls before = golden.classifier().calls();
            NDArray adversarials =
                    AttackRun.of(new Ddn())
                            .on(golden.classifier(), golden.images(), golden.fromLabels())
                            .adversarials();
            long backwards = golden.classifier().calls().since(before).backwards();
            JsonObject cw = golden.json("deterministic", "cw_l2_advlib");
            assertTrue(10 * backwards <= 12 * cw.get("backwards_per_sample").getAsDouble());
            assertEquals(0, golden.accuracy(adversarials), "all succeed");
            float[] ours = Norm.L2.of(adversarials.sub(golden.images())).toFloatArray();
            double[] theirs = golden.norms("cw_l2_advlib", Norm.L2);
            int nearer = 0;
            for (int i = 0; i < ours.length; i++) {
                nearer += ours[i] < theirs[i] ? 1 : 0;
            }
            assertTrue(nearer > 0 && nearer < 12, "nearer for " + nearer + " images");
            double median = median(Arrays.stream(theirs));
            assertEquals(
                    median, median(IntStream.range(0, 12).mapToDouble(i -> ours[i])), 0.1 * median);
        }
    }

    static Stream<Arguments> deepFools() {
        return Stream.of(
                Arguments.of("df_l2_foolbox", new DeepFool(), 1e-4),
                Arguments.of("df_l2_advlib", new DeepFool(), 0.01),
                // Ours goes a ten-thousandth of the range beyond the boundary in each step.
                Arguments.of("df_linf_advlib", new DeepFoolLinf(), 0.03));
    }

    @ParameterizedTest
    @MethodSource("deepFools")
    void deepFoolGoesAsFarAsThoseOfLibrariesOnEachImage(
            String name, MinimumNormAttack<DeepFoolParameters> attack, double tolerance) {
        try (GoldenLenet golden = GoldenLenet.open(50)) {
            NDArray adversarials =
                    AttackRun.of(attack)
                            .with("clip", true)
                            .on(golden.classifier(), golden.images(), golden.fromLabels())
                            .adversarials();
            assertEquals(0, golden.accuracy(adversarials), "all succeed");
            float[] ours = attack.norm().of(adversarials.sub(golden.images())).toFloatArray();
            double[] theirs = golden.norms(name, attack.norm());
            for (int i = 0; i < ours.length; i++) {
                assertEquals(theirs[i], ours[i], tolerance * theirs[i], "image " + i);
            }
        }
    }

    /** Those of C&W and EAD, which take thousands of steps, are shortened here. */
    static Stream<Arguments> bestRuns() {
        return Stream.of(
                Arguments.of("fmn_l1_advlib", 12, AttackRun.of(new FmnL1()), 0.01),
                Arguments.of("fmn_l2_advlib", 12, AttackRun.of(new Fmn()), 0.01),
                Arguments.of(
                        "cw_l2_advlib",
                        6,
                        AttackRun.of(new CarliniWagner())
                                .with("steps", 100)
                                .with("searchSteps", 6)
                                .with("initialConstant", 0.1)
                                .with("learningRate", 0.05),
                        0.05),
                Arguments.of(
                        "ead_l1_foolbox",
                        4,
                        AttackRun.of(new Ead())
                                .with("steps", 300)
                                .with("searchSteps", 6)
                                .with("initialConstant", 0.01),
                        0.05));
    }

    @ParameterizedTest
    @MethodSource("bestRuns")
    void mediansAreNotAboveThoseOfLibraries(
            String name, int count, AttackRun<?> run, double tolerance) {
        Medians medians = attack(name, count, run);
        assertTrue(
                medians.ours <= (1 + tolerance) * medians.theirs,
                medians.ours + " instead of " + medians.theirs);
    }

    /** Median norms of our perturbations and of theirs, where a failure is infinite. */
    private record Medians(double ours, double theirs) {}

    private static Medians attack(String name, int count, AttackRun<?> run) {
        try (GoldenLenet golden = GoldenLenet.open(count)) {
            NDArray adversarials =
                    run.on(golden.classifier(), golden.images(), golden.fromLabels())
                            .adversarials();
            assertEquals(0, golden.accuracy(adversarials), "all succeed");
            Norm norm = ((MinimumNormAttack<?>) run.attack()).norm();
            float[] ours = norm.of(adversarials.sub(golden.images())).toFloatArray();
            return new Medians(
                    median(IntStream.range(0, count).mapToDouble(i -> ours[i])),
                    median(Arrays.stream(golden.norms(name, norm))));
        }
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
