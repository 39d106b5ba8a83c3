// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.baseline.UniformNoise;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares attacks with other implementations of them, on one network and its 16 images. */
class GoldenAttacksTest {

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

    static Stream<Arguments> goldenRuns() {
        return Stream.of(
                Arguments.of("fgsm_0.1", AttackRun.of(new Fgsm()).with("epsilon", 0.1)),
                Arguments.of("pgd_a0.01_e0.1_s10", pgd(new Pgd(), 0.1, 10, 0.1)));
    }

    @ParameterizedTest
    @MethodSource("goldenRuns")
    void budgetAttacksEqualThoseOfFoolbox(String name, AttackRun<?> run) {
        NDArray result = attack(run, golden.fromLabels());
        assertEqualsGolden(name, result);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 50})
    void unboundedDeepFoolEqualsThatOfThePaper(int iterations) {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("iterations", iterations);
        NDArray result = attack(run, golden.fromPredictions());
        assertEqualsGolden("df_ref_" + iterations, result);
    }

    @Test
    void clippedDeepFoolEqualsThatOfFoolbox() {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("clip", true);
        assertEqualsGolden("df_foolbox_clip", attack(run, golden.fromPredictions()));
    }

    @Test
    void clippedDeepFoolFromTheTrueLabelEqualsThatOfFoolbox() {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("clip", true);
        assertEqualsGolden("df_foolbox_clip_truelabels", execute(run));
    }

    private void assertEqualsGolden(String name, NDArray result) {
        JsonObject expected = golden.json("golden.json", "results", name);
        NDArray perturbation = result.sub(golden.images());
        Golden.assertNorms(Golden.numbers(expected, "l2"), Norm.L2.of(perturbation));
        Golden.assertNorms(Golden.numbers(expected, "linf"), Norm.LINF.of(perturbation));
        Golden.assertPixels(golden.arrays("attacks.npz").get(name), result);
        golden.assertPredictions(Golden.numbers(expected, "adv_pred"), result);
    }

    static Stream<Arguments> libraryRuns() {
        return Stream.of(
                Arguments.of("fgm_linf_0.05", AttackRun.of(new Fgsm()).with("epsilon", 0.05)),
                Arguments.of("fgm_linf_0.1", AttackRun.of(new Fgsm()).with("epsilon", 0.1)),
                Arguments.of(
                        "bim_linf_0.05",
                        AttackRun.of(new Bim())
                                .with("epsilon", 0.05)
                                .with("steps", 10)
                                .with("relativeStepSize", 0.2)
                                .with("earlyStop", false)),
                Arguments.of("pgd_linf_0.05", pgd(new Pgd(), 0.05, 40, 0.025)),
                Arguments.of("bim_l2_0.3", pgd(new PgdL2(), 0.3, 10, 0.2)));
    }

    @ParameterizedTest
    @MethodSource("libraryRuns")
    void deterministicBudgetAttacksEqualThoseOfLibraries(String name, AttackRun<?> run) {
        assertEqualsLibrary(name, attack(run, golden.fromLabels()));
    }

    @Test
    void deepFoolInTheMaximumNormEqualsThatOfALibrary() {
        AttackRun<?> run = AttackRun.of(new DeepFoolLinf()).with("clip", true);
        assertEqualsLibrary("df_linf_foolbox", execute(run));
    }

    @Test
    void deepFoolInTheEuclideanNormEqualsThatOfALibrary() {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("clip", true);
        assertEqualsLibrary("df_l2_foolbox", execute(run));
    }

    /** The two libraries differ by up to a thousandth, and so do their pixels. */
    @Test
    void deepFoolGoesAsFarAsThatOfAdversarialLibrary() {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("clip", true);
        NDArray result = execute(run);
        JsonObject expected =
                golden.json("library/attacks.json", "mlp", "deterministic", "df_l2_advlib");
        double[] theirs = Golden.numbers(expected.getAsJsonObject("norms"), "l2");
        float[] ours = Norm.L2.of(result.sub(golden.images())).toFloatArray();
        for (int i = 0; i < ours.length; i++) {
            assertEquals(theirs[i], ours[i], 2e-3 * theirs[i], "norm of sample " + i);
        }
        golden.assertPredictions(Golden.numbers(expected, "pred"), result);
    }

    private void assertEqualsLibrary(String name, NDArray result) {
        JsonObject expected = golden.json("library/attacks.json", "mlp", "deterministic", name);
        double[] exact = Golden.numbers(expected.getAsJsonObject("sensitivity"), "exact_samples");
        Golden.assertPixels(
                golden.arrays("library/attacks-mlp.npz").get(name),
                result,
                Arrays.stream(exact).mapToInt(sample -> (int) sample).toArray());
        golden.assertPredictions(Golden.numbers(expected, "pred"), result);
        assertEquals(expected.get("robust_accuracy").getAsDouble(), golden.accuracy(result), 1e-6);
    }

    static Stream<Arguments> randomRuns() {
        return Stream.of(
                Arguments.of("pgd_rs_linf_0.05", random(new Pgd(), 0.05)),
                Arguments.of("pgd_rs_l2_0.3", random(new PgdL2(), 0.3)));
    }

    @ParameterizedTest
    @MethodSource("randomRuns")
    void randomStartsAreAsStrongAsThoseOfALibrary(String name, AttackRun<?> run) {
        JsonObject range =
                golden.json("library/attacks.json", "mlp", "stochastic", name, "summary");
        double sample = 1 / 16.0;
        for (long seed = 0; seed < 3; seed++) {
            double accuracy = golden.accuracy(execute(run.withSeed(seed)));
            assertTrue(
                    accuracy >= range.get("robust_accuracy_min").getAsDouble() - sample
                            && accuracy <= range.get("robust_accuracy_max").getAsDouble() + sample,
                    "accuracy " + accuracy + " is outside the range of " + range);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.03, 0.05, 0.07})
    void strongerAttacksLeaveLessAccuracy(double epsilon) {
        double noise = accuracy(new UniformNoise(), epsilon);
        double fgsm = accuracy(new Fgsm(), epsilon);
        double bim = accuracy(new Bim(), epsilon);
        double pgd =
                golden.accuracy(
                        execute(
                                AttackRun.of(new Pgd())
                                        .with("epsilon", epsilon)
                                        .with("restarts", 5)));
        assertTrue(fgsm < noise, fgsm + " < " + noise);
        assertTrue(bim <= fgsm, bim + " <= " + fgsm);
        assertTrue(pgd <= bim, pgd + " <= " + bim);
    }

    private double accuracy(Attack<?> attack, double epsilon) {
        return golden.accuracy(execute(AttackRun.of(attack).with("epsilon", epsilon)));
    }

    private static AttackRun<?> pgd(
            Attack<?> attack, double epsilon, int steps, double relativeStepSize) {
        return random(attack, epsilon)
                .with("steps", steps)
                .with("relativeStepSize", relativeStepSize)
                .with("randomStart", false);
    }

    private static AttackRun<?> random(Attack<?> attack, double epsilon) {
        return AttackRun.of(attack)
                .with("epsilon", epsilon)
                .with("steps", 40)
                .with("relativeStepSize", 0.025)
                .with("earlyStop", false);
    }

    /** Attacks all images, misclassified or not, as other libraries do. */
    private NDArray attack(AttackRun<?> run, Criterion criterion) {
        return run.raw(golden.classifier(), golden.images(), criterion).images();
    }

    /** Attacks as the framework does, which leaves misclassified images unchanged. */
    private NDArray execute(AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), golden.fromLabels()).adversarials();
    }
}
