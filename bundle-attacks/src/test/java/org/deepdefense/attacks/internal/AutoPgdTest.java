// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLoss;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.auto.ApgdCe;
import org.deepdefense.attacks.internal.auto.ApgdCeL2;
import org.deepdefense.attacks.internal.auto.ApgdDlr;
import org.deepdefense.attacks.internal.auto.ApgdDlrL2;
import org.deepdefense.attacks.internal.auto.ApgdT;
import org.deepdefense.attacks.internal.auto.ApgdTL2;
import org.deepdefense.attacks.internal.auto.AutoPgd;
import org.deepdefense.attacks.internal.gradient.FgmL2;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.djl.Autograd;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.deepdefense.testkit.Networks;
import org.deepdefense.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Auto-PGD, compared with the code of its authors and with adversarial-library. */
@Tag("slow")
class AutoPgdTest {

    private static final String VALUES = "library/attacks.json";
    private static final String ARRAYS = "library/attacks-mlp.npz";

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

    @ParameterizedTest
    @CsvSource({
        "apgd_ce_linf_0.05_from_x, LINF, CROSS_ENTROPY, 100",
        "apgd_ce_l2_0.3_from_start, L2, CROSS_ENTROPY, 100",
        "apgd_dlr_l2_0.3_from_start, L2, LOGITS_RATIO, 100",
    })
    void goesTheSameWayFromTheSameStart(
            String name, Norm norm, AutoPgd.Objective objective, int steps) {
        AutoPgd.Found found = assertSameSuccess(name, norm, objective, steps);
        boolean[] reached = found.reached().toBooleanArray();
        double[] exact =
                Golden.numbers(
                        golden.json(VALUES, "mlp", "deterministic", name, "sensitivity"),
                        "exact_samples");
        Golden.assertPixels(
                golden.arrays(ARRAYS).get(name),
                found.images(),
                Arrays.stream(exact)
                        .mapToInt(sample -> (int) sample)
                        .filter(sample -> reached[sample])
                        .toArray());
    }

    /**
     * Here the ways part: from the second checkpoint on, adversarial-library compares the best loss
     * with itself, and so halves a step whenever it did not do so at the checkpoint before.
     */
    @ParameterizedTest
    @CsvSource({
        "apgd_ce_linf_0.05_from_x_10, LINF, CROSS_ENTROPY, 10",
        "apgd_dlr_linf_0.05_from_x, LINF, LOGITS_RATIO, 100",
        "apgd_dlr_linf_0.05_from_x_10, LINF, LOGITS_RATIO, 10",
        "apgd_dlr_l2_0.3_from_x, L2, LOGITS_RATIO, 100",
    })
    void foolsTheSameImagesFromTheSameStart(
            String name, Norm norm, AutoPgd.Objective objective, int steps) {
        assertSameSuccess(name, norm, objective, steps);
    }

    private AutoPgd.Found assertSameSuccess(
            String name, Norm norm, AutoPgd.Objective objective, int steps) {
        AutoPgd attack = autoPgd(norm, objective, steps);
        AutoPgd.Found found =
                climb(attack, name.endsWith("_start") ? start(attack) : golden.images());
        double[] success =
                Golden.numbers(golden.json(VALUES, "mlp", "deterministic", name), "success");
        boolean[] reached = found.reached().toBooleanArray();
        double[] actual = new double[reached.length];
        Arrays.setAll(actual, i -> reached[i] ? 1 : 0);
        assertArrayEquals(success, actual);
        return found;
    }

    private AutoPgd autoPgd(Norm norm, AutoPgd.Objective objective, int steps) {
        double epsilon = norm == Norm.L2 ? 0.3 : 0.05;
        return new AutoPgd(
                new AutoPgd.Settings(norm, epsilon, objective, 0, steps, 0.75, false),
                golden.classifier(),
                new TestContext<>(null, new SampleRandom(0)));
    }

    private NDArray start(AutoPgd attack) {
        NDArray direction = Golden.images(golden.arrays(ARRAYS).get("starts_l2"));
        Ball ball = attack.ball(golden.images());
        return ball.step(golden.images(), direction.duplicate(), 0.3);
    }

    private AutoPgd.Found climb(AutoPgd attack, NDArray start) {
        return Autograd.recording(
                true,
                () ->
                        attack.climb(
                                golden.images(),
                                start,
                                golden.fromLabels(),
                                new SampleRandom(0, new long[16]),
                                golden.labels()));
    }

    /** With more steps of the same run, the best loss can only be larger. */
    @ParameterizedTest
    @CsvSource({"CROSS_ENTROPY", "LOGITS_RATIO"})
    void returnsTheLargestLossItHasSeen(AutoPgd.Objective objective) {
        AutoPgd attack = autoPgd(Norm.LINF, objective, 100);
        NDArray clean = loss(golden.images(), objective);
        NDArray found = loss(climb(attack, golden.images()).images(), objective);
        assertEquals(0, found.lt(clean).countNonzero().getLong());
    }

    private NDArray loss(NDArray images, AutoPgd.Objective objective) {
        Criterion criterion = golden.fromLabels();
        LogitLoss loss =
                objective == AutoPgd.Objective.CROSS_ENTROPY
                        ? criterion.loss()
                        : LogitLosses.logitsRatio(criterion.labels(), criterion.targeted());
        return loss.value(golden.classifier().predict(images));
    }

    static Stream<Arguments> stochastic() {
        return Stream.of(
                Arguments.of("apgd_ce_linf_0.05", of(new ApgdCe(), 0.05)),
                Arguments.of("apgd_dlr_linf_0.05", of(new ApgdDlr(), 0.05)),
                Arguments.of("apgd_t_linf_0.05", of(new ApgdT(), 0.05)),
                Arguments.of("apgd_ce_l2_0.3", of(new ApgdCeL2(), 0.3)));
    }

    @ParameterizedTest
    @MethodSource("stochastic")
    void isAsStrongAsTheCodeOfItsAuthors(String name, AttackRun<?> run) {
        JsonObject range = golden.json(VALUES, "mlp", "stochastic", name, "summary");
        for (long seed = 0; seed < 2; seed++) {
            double accuracy = accuracy(run.withSeed(seed));
            assertTrue(
                    accuracy >= range.get("robust_accuracy_min").getAsDouble() - 1 / 16.0
                            && accuracy <= range.get("robust_accuracy_max").getAsDouble() + 1e-6,
                    "accuracy " + accuracy + " is outside the range of " + range);
        }
    }

    private double accuracy(AttackRun<?> run) {
        return golden.accuracy(
                run.on(golden.classifier(), golden.images(), golden.fromLabels()).adversarials());
    }

    @Test
    void leavesLessAccuracyThanPgdWhichLeavesLessThanFgsm() {
        for (double epsilon : new double[] {0.03, 0.05}) {
            double fgsm = accuracy(of(new Fgsm(), epsilon));
            double pgd = accuracy(of(new Pgd(), epsilon));
            double apgd = accuracy(of(new ApgdCe(), epsilon));
            assertTrue(apgd <= pgd && pgd <= fgsm, apgd + " <= " + pgd + " <= " + fgsm);
        }
    }

    /** On the images of the small network they may tie. */
    @Test
    void leavesLessAccuracyOnMnistThanPgdWhichLeavesLessThanFgsm() {
        try (GoldenLenet lenet = GoldenLenet.open(50)) {
            double[] linf = new double[3];
            double[] l2 = new double[3];
            Attack<?>[] inLinf = {new ApgdCe(), new Pgd(), new Fgsm()};
            Attack<?>[] inL2 = {new ApgdCeL2(), new PgdL2(), new FgmL2()};
            for (int i = 0; i < 3; i++) {
                linf[i] = accuracy(lenet, of(inLinf[i], 0.1));
                l2[i] = accuracy(lenet, of(inL2[i], 1));
            }
            assertIncreasing(linf);
            assertIncreasing(l2);
        }
    }

    private static void assertIncreasing(double... accuracies) {
        assertTrue(
                accuracies[0] <= accuracies[1]
                        && accuracies[1] <= accuracies[2]
                        && accuracies[0] < accuracies[2],
                Arrays.toString(accuracies));
    }

    private static double accuracy(GoldenLenet lenet, AttackRun<?> run) {
        return lenet.accuracy(
                run.on(lenet.classifier(), lenet.images(), lenet.fromLabels()).adversarials());
    }

    @ParameterizedTest
    @CsvSource({
        "apgd_ce_linf_0.1, CROSS_ENTROPY, LINF, 0.1",
        "apgd_dlr_linf_0.1, LOGITS_RATIO, LINF, 0.1",
        "apgd_t_linf_0.1, TARGETED_RATIO, LINF, 0.1",
        "apgd_ce_l2_1.0, CROSS_ENTROPY, L2, 1",
        "apgd_dlr_l2_1.0, LOGITS_RATIO, L2, 1"
    })
    void foolsTheSameImagesOfMnist(
            String name, AutoPgd.Objective objective, Norm norm, double epsilon) {
        try (GoldenLenet lenet = GoldenLenet.open(30)) {
            AttackRun<?> run = of(attack(objective, norm), epsilon).with("steps", 100);
            boolean[] actual =
                    run.on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                            .success()
                            .toBooleanArray();
            boolean[] expected = lenet.success(name + ".seed0");
            int different = 0;
            for (int i = 0; i < actual.length; i++) {
                different += actual[i] == expected[i] ? 0 : 1;
            }
            assertTrue(different <= 1, name + " differs on " + different + " images");
        }
    }

    private static Attack<?> attack(AutoPgd.Objective objective, Norm norm) {
        return switch (objective) {
            case CROSS_ENTROPY -> norm == Norm.L2 ? new ApgdCeL2() : new ApgdCe();
            case LOGITS_RATIO -> norm == Norm.L2 ? new ApgdDlrL2() : new ApgdDlr();
            case TARGETED_RATIO -> norm == Norm.L2 ? new ApgdTL2() : new ApgdT();
        };
    }

    @Test
    void warnsOfThreeClasses() {
        try (Networks networks = new Networks()) {
            NDArray images = networks.manager().full(new Shape(1, 1, 2, 2), 0.5f);
            var classifier = networks.trigonometric();
            var criterion = Criterion.misclassification(classifier.predict(images).argMax(1));
            for (Attack<?> attack : List.of(new ApgdDlr(), new ApgdT(), new ApgdDlrL2())) {
                List<String> warnings =
                        AttackRun.of(attack)
                                .raw(classifier, images, criterion)
                                .context()
                                .warnings();
                assertTrue(
                        warnings.stream().anyMatch(warning -> warning.contains("there are 3")),
                        warnings::toString);
            }
        }
    }

    private static AttackRun<?> of(Attack<?> attack, double epsilon) {
        return AttackRun.of(attack).with("epsilon", epsilon);
    }
}
