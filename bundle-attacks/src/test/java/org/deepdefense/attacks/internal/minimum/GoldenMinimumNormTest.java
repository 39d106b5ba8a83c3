// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.Margins;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares minimum-norm attacks that optimise with other implementations of them, on one network
 * and its 16 images, of which two are misclassified.
 */
@Tag("slow")
class GoldenMinimumNormTest {

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

    static Stream<Arguments> equalRuns() {
        return Stream.of(
                // The last step, which the library does not check, is nearer for two.
                Arguments.of(
                        "cw_l2_short_advlib",
                        search(new CarliniWagner(), 4, 100, 1).with("abortEarly", false),
                        new int[] {2, 10}),
                Arguments.of(
                        "ead_l1_short_foolbox",
                        search(new Ead(), 4, 100, 1).with("abortEarly", false),
                        new int[0]),
                // One pixel of sample 7 lies in the middle between two levels; the last step,
                // which the library does not check, is nearer for sample 12.
                Arguments.of(
                        "ddn_advlib_256",
                        AttackRun.of(new Ddn()).with("levels", 256),
                        new int[] {7, 12}),
                // An image of sample 11 lies so near the boundary that the last bit decides.
                Arguments.of(
                        "alma_l2_advlib",
                        AttackRun.of(new Alma()).with("steps", 100),
                        new int[] {11}));
    }

    @ParameterizedTest
    @MethodSource("equalRuns")
    void attacksEqualThoseOfLibraries(String name, AttackRun<?> run, int... undecided) {
        NDArray result = attack(run);
        JsonObject expected = expected(name);
        int[] exact =
                Arrays.stream(
                                Golden.numbers(
                                        expected.getAsJsonObject("sensitivity"), "exact_samples"))
                        .mapToInt(sample -> (int) sample)
                        .filter(sample -> Arrays.stream(undecided).noneMatch(u -> u == sample))
                        .toArray();
        Golden.assertPixels(golden.arrays("library/attacks-mlp.npz").get(name), result, exact);
        golden.assertPredictions(Golden.numbers(expected, "pred"), result);
        assertEquals(expected.get("robust_accuracy").getAsDouble(), golden.accuracy(result), 1e-6);
        assertNearlyAsNear(name, run, result, 1e-3);
    }

    /**
     * Where nothing was found Foolbox returns a black image, which the network misclassifies. The
     * last step, which it does not check, is nearer for some samples.
     */
    @Test
    void carliniAndWagnerEqualsThatOfFoolboxWhereThatFindsSomething() {
        String name = "cw_l2_short_foolbox";
        NDArray result = attack(search(new CarliniWagner(), 4, 100, 1).with("abortEarly", false));
        NDArray theirs = golden.arrays("library/attacks-mlp.npz").get(name);
        NDArray found = theirs.max(new int[] {1}).gt(0);
        int[] samples =
                Arrays.stream(found.nonzero().flatten().toLongArray())
                        .mapToInt(Math::toIntExact)
                        .toArray();
        assertEquals(15, samples.length);
        float[] distances = Norm.L2.of(result.sub(golden.images())).toFloatArray();
        float[] theirDistances =
                Norm.L2.of(theirs.reshape(result.getShape()).sub(golden.images())).toFloatArray();
        int[] nearer =
                Arrays.stream(samples)
                        .filter(i -> distances[i] < theirDistances[i] * (1 - 1e-5))
                        .toArray();
        assertTrue(nearer.length <= 3, Arrays.toString(nearer));
        Golden.assertPixels(
                theirs,
                result,
                Arrays.stream(samples).filter(i -> Arrays.binarySearch(nearer, i) < 0).toArray());
        NDArray nothing = found.logicalNot().nonzero().flatten();
        assertEquals(golden.images().get(nothing), result.get(nothing));
    }

    static Stream<Arguments> bestRuns() {
        return Stream.of(
                Arguments.of("fmn_l0_advlib", AttackRun.of(new FmnL0()), 0),
                Arguments.of(
                        "fmn_l0_alpha0.1_advlib",
                        AttackRun.of(new FmnL0()).with("stepSize", 0.1),
                        0),
                Arguments.of("fmn_l1_advlib", AttackRun.of(new FmnL1()), 3e-3),
                Arguments.of("fmn_l1_foolbox", AttackRun.of(new FmnL1()), 3e-3),
                Arguments.of("fmn_l2_advlib", AttackRun.of(new Fmn()), 1e-3),
                Arguments.of("fmn_l2_foolbox_projected", AttackRun.of(new Fmn()), 1e-3),
                Arguments.of(
                        "fmn_l2_1000_advlib", AttackRun.of(new Fmn()).with("steps", 1000), 1e-3),
                Arguments.of(
                        "fmn_l2_alpha0.1_advlib",
                        AttackRun.of(new Fmn()).with("stepSize", 0.1),
                        1e-2));
    }

    /** Where the bounds stop the libraries' attack in front of the boundary, ours goes on. */
    @ParameterizedTest
    @MethodSource("bestRuns")
    void fastMinimumNormSucceedsEverywhereAndIsNoFartherWhereLibrariesSucceed(
            String name, AttackRun<?> run, double tolerance) {
        NDArray result = attack(run);
        assertEquals(0, golden.accuracy(result));
        assertNearlyAsNear(name, run, result, tolerance);
    }

    /** That of Foolbox ends with more pixels than that of adversarial-library, which ours is. */
    @Test
    void fastMinimumNormNeedsFewerPixelsThanThatOfFoolbox() {
        NDArray result = attack(AttackRun.of(new FmnL0()));
        assertEquals(0, golden.accuracy(result));
        double[] theirs = Golden.numbers(expected("fmn_l0_foolbox").getAsJsonObject("norms"), "l0");
        float[] ours = Norm.L0.of(result.sub(golden.images())).toFloatArray();
        double gained = 0;
        for (int i = 0; i < ours.length; i++) {
            assertTrue(ours[i] <= theirs[i] + 1, "sample " + i + ": " + ours[i] + " pixels");
            gained += theirs[i] - ours[i];
        }
        assertTrue(gained > 0, gained + " pixels gained");
        double median =
                expected("fmn_l0_foolbox").getAsJsonObject("median").get("l0").getAsDouble();
        assertEquals(median, median(Norm.L0, result));
    }

    @Test
    void fastMinimumNormIsAsNearAsCarliniAndWagner() {
        JsonObject expected = expected("cw_l2_foolbox").getAsJsonObject("median");
        double median = median(Norm.L2, attack(AttackRun.of(new Fmn())));
        assertEquals(expected.get("l2").getAsDouble(), median, 0.02 * median);
    }

    /**
     * After so many steps the last bits decide about single images, but hardly about the median.
     */
    static Stream<Arguments> longRuns() {
        return Stream.of(
                Arguments.of(
                        "cw_l2_foolbox", search(new CarliniWagner(), 9, 1000, 1e-3), 0.98, 1.02),
                // There, pixels that are 0 or 1 never move, which doubles the norms.
                Arguments.of(
                        "cw_l2_torchattacks", search(new CarliniWagner(), 1, 1000, 1), 0.4, 0.6),
                Arguments.of("ead_l1_foolbox", search(new Ead(), 9, 1000, 1e-3), 0.98, 1.02),
                Arguments.of(
                        "ead_l1_torchattacks",
                        search(new Ead(), 9, 100, 1e-3).with("beta", 1e-3),
                        0.98,
                        1.02),
                // One of the two images in the middle ends at another class.
                Arguments.of(
                        "alma_l2_1000_advlib",
                        AttackRun.of(new Alma()).with("steps", 1000),
                        0.98,
                        1.04));
    }

    @ParameterizedTest
    @MethodSource("longRuns")
    void mediansOfLongRunsAgree(String name, AttackRun<?> run, double least, double most) {
        Norm norm = ((MinimumNormAttack<?>) run.attack()).norm();
        NDArray result = attack(run);
        assertEquals(0, golden.accuracy(result), "all succeed");
        JsonObject expected = expected(name);
        double theirs =
                expected.getAsJsonObject("median")
                        .get(expected.get("primary").getAsString())
                        .getAsDouble();
        double ratio = median(norm, result) / theirs;
        assertTrue(ratio >= least && ratio <= most, "ours is " + ratio + " times as long");
    }

    /** Fails if a perturbation is longer than that of a library which succeeded. */
    private void assertNearlyAsNear(
            String name, AttackRun<?> run, NDArray result, double tolerance) {
        JsonObject expected = expected(name);
        Norm norm = ((MinimumNormAttack<?>) run.attack()).norm();
        double[] success = Golden.numbers(expected, "success");
        double[] theirs =
                Golden.numbers(
                        expected.getAsJsonObject("norms"), expected.get("primary").getAsString());
        float[] ours = norm.of(result.sub(golden.images())).toFloatArray();
        for (int i = 0; i < ours.length; i++) {
            assertTrue(
                    success[i] == 0 || ours[i] <= theirs[i] * (1 + tolerance) + 1e-6,
                    "sample " + i + ": " + ours[i] + " instead of " + theirs[i]);
        }
    }

    private JsonObject expected(String name) {
        return golden.json("library/attacks.json", "mlp", "deterministic", name);
    }

    /** Attacks all images, misclassified or not, as other libraries do. */
    private NDArray attack(AttackRun<?> run) {
        return run.raw(golden.classifier(), golden.images(), golden.fromLabels()).images();
    }

    /** Returns the median norm of the images that are classified correctly. */
    private double median(Norm norm, NDArray result) {
        float[] norms = norm.of(result.sub(golden.images())).toFloatArray();
        boolean[] attacked =
                golden.fromLabels()
                        .isAdversarial(golden.classifier().predict(golden.images()))
                        .logicalNot()
                        .toBooleanArray();
        return IntStream.range(0, norms.length)
                .filter(i -> attacked[i])
                .mapToDouble(i -> norms[i])
                .sorted()
                .skip(6)
                .limit(2)
                .average()
                .orElseThrow();
    }

    private static AttackRun<?> search(
            Attack<?> attack, int constants, int steps, double initialConstant) {
        return AttackRun.of(attack)
                .with("searchSteps", constants)
                .with("steps", steps)
                .with("initialConstant", initialConstant);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 2})
    void carliniAndWagnerReachTheirConfidence(double confidence) {
        AttackRun<?> run = search(new CarliniWagner(), 9, 200, 0.1).with("confidence", confidence);
        NDArray logits = golden.classifier().predict(attack(run));
        NDArray clean = golden.classifier().predict(golden.images());
        float[] margins = Margins.of(logits, golden.fromLabels()).toFloatArray();
        float[] before = Margins.of(clean, golden.fromLabels()).toFloatArray();
        int reached = 0;
        for (int i = 0; i < margins.length; i++) {
            if (before[i] > -confidence && margins[i] < 0) {
                assertEquals(-confidence - 0.05, margins[i], 0.05, "sample " + i);
                reached++;
            }
        }
        assertTrue(reached >= 13, reached + " of 14 are found");
    }

    @Test
    void decoupledDirectionAndNormIsNearlyAsNearAtATenthOfTheCalls() {
        Classifier.Calls start = golden.classifier().calls();
        NDArray cw = attack(search(new CarliniWagner(), 9, 300, 0.01));
        Classifier.Calls between = golden.classifier().calls();
        NDArray ddn = attack(AttackRun.of(new Ddn()));
        Classifier.Calls end = golden.classifier().calls();
        assertTrue(
                10 * end.since(between).backwards() <= between.since(start).backwards(),
                end.since(between) + " against " + between.since(start));
        assertEquals(0, golden.accuracy(ddn), "all succeed");
        assertEquals(0, golden.accuracy(cw), "all succeed");
        assertTrue(
                median(Norm.L2, ddn) <= 1.1 * median(Norm.L2, cw),
                median(Norm.L2, ddn) + " against " + median(Norm.L2, cw));
    }
}
