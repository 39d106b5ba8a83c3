// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.auto.ApgdCe;
import org.deepdefense.attacks.internal.auto.ApgdCeL2;
import org.deepdefense.attacks.internal.auto.ApgdDlr;
import org.deepdefense.attacks.internal.auto.ApgdDlrL2;
import org.deepdefense.attacks.internal.auto.ApgdT;
import org.deepdefense.attacks.internal.auto.ApgdTL2;
import org.deepdefense.attacks.internal.auto.AutoAttack;
import org.deepdefense.attacks.internal.auto.AutoAttackL2;
import org.deepdefense.attacks.internal.baseline.GaussianNoise;
import org.deepdefense.attacks.internal.baseline.Spatial;
import org.deepdefense.attacks.internal.baseline.UniformNoise;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.FgmL1;
import org.deepdefense.attacks.internal.gradient.FgmL2;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL1;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.Alma;
import org.deepdefense.attacks.internal.minimum.CarliniWagner;
import org.deepdefense.attacks.internal.minimum.Ddn;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.attacks.internal.minimum.Ead;
import org.deepdefense.attacks.internal.minimum.Fab;
import org.deepdefense.attacks.internal.minimum.FabL1;
import org.deepdefense.attacks.internal.minimum.FabL2;
import org.deepdefense.attacks.internal.minimum.Fmn;
import org.deepdefense.attacks.internal.minimum.FmnL0;
import org.deepdefense.attacks.internal.minimum.FmnL1;
import org.deepdefense.attacks.internal.minimum.FmnLinf;
import org.deepdefense.attacks.internal.score.Nes;
import org.deepdefense.attacks.internal.score.Simba;
import org.deepdefense.attacks.internal.score.Spsa;
import org.deepdefense.attacks.internal.score.Square;
import org.deepdefense.attacks.internal.score.SquareL2;
import org.deepdefense.attacks.internal.sparse.Jsma;
import org.deepdefense.attacks.internal.sparse.OnePixel;
import org.deepdefense.attacks.internal.sparse.SigmaZero;
import org.deepdefense.attacks.internal.transfer.DiFgsm;
import org.deepdefense.attacks.internal.transfer.MiFgsm;
import org.deepdefense.attacks.internal.transfer.NiFgsm;
import org.deepdefense.attacks.internal.transfer.TiFgsm;
import org.deepdefense.attacks.internal.transfer.VmiFgsm;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What attacks with a target reach on a network of ten classes, where, unlike on one of two, they
 * can end at another class than the one they were told. Left out are mere noise and the attacks
 * that need a start of the target's class, which noise hardly ever has: the boundary attack,
 * HopSkipJump and Brendel-Bethge.
 */
@Tag("slow")
class TargetedTest {

    private static final int IMAGES = 16;

    private static Golden golden;
    private static NDArray targets;

    @BeforeAll
    static void open() {
        golden = Golden.open();
        targets = golden.labels().add(1).mod(10);
    }

    @AfterAll
    static void close() {
        if (golden != null) {
            golden.close();
        }
    }

    /** Attacks, and their median against a standard. */
    static Stream<Arguments> minimumNorms() {
        AttackRun<?> cw =
                AttackRun.of(new CarliniWagner())
                        .with("steps", 200)
                        .with("initialConstant", 0.1)
                        .with("learningRate", 0.05);
        AttackRun<?> ead = AttackRun.of(new Ead()).with("steps", 200).with("initialConstant", 0.1);
        return Stream.of(
                Arguments.of(AttackRun.of(new Ddn()), 1),
                Arguments.of(AttackRun.of(new DeepFool()).with("clip", true), 1.05),
                Arguments.of(cw, 1),
                Arguments.of(AttackRun.of(new Alma()), 1),
                Arguments.of(AttackRun.of(new Fmn()), 1.02),
                Arguments.of(AttackRun.of(new FabL2()), 1.02),
                Arguments.of(AttackRun.of(new Fab()), 1),
                Arguments.of(AttackRun.of(new FabL1()), 1),
                // It changes one pixel at a time, and knows scores only.
                Arguments.of(AttackRun.of(new Simba()), 3),
                Arguments.of(AttackRun.of(new DeepFoolLinf()).with("clip", true), 1),
                Arguments.of(AttackRun.of(new FmnLinf()), 0.8),
                Arguments.of(ead, 1.15),
                Arguments.of(AttackRun.of(new FmnL1()), 1),
                Arguments.of(AttackRun.of(new FmnL0()), 1),
                Arguments.of(AttackRun.of(new SigmaZero()).with("steps", 200), 1),
                // It changes pixels in pairs, to the bounds.
                Arguments.of(AttackRun.of(new Jsma()).with("gamma", 0.5), 2));
    }

    @ParameterizedTest
    @MethodSource("minimumNorms")
    void smallPerturbationsReachTheTarget(AttackRun<?> run, double factor) {
        NDArray adversarials = attack(run);
        assertEquals(16, count(adversarials), "targets reached");
        Norm norm = ((MinimumNormAttack<?>) run.attack()).norm();
        double median = median(norm, adversarials);
        double standard = median(norm, attack(standard(norm)));
        assertTrue(median <= factor * standard + 1e-6, median + " against " + standard);
    }

    private static AttackRun<?> standard(Norm norm) {
        return switch (norm) {
            case L0 -> AttackRun.of(new FmnL0());
            case L1 -> AttackRun.of(new FabL1());
            case L2 -> AttackRun.of(new Ddn());
            case LINF -> AttackRun.of(new DeepFoolLinf()).with("clip", true);
        };
    }

    static Stream<Attack<?>> budgets() {
        return Stream.of(
                new Bim(),
                new Pgd(),
                new PgdL1(),
                new PgdL2(),
                new MiFgsm(),
                new NiFgsm(),
                new DiFgsm(),
                new TiFgsm(),
                new VmiFgsm(),
                new ApgdCe(),
                new ApgdCeL2(),
                new ApgdDlr(),
                new ApgdDlrL2(),
                new ApgdT(),
                new ApgdTL2(),
                new AutoAttack(),
                new AutoAttackL2(),
                new Square(),
                new SquareL2(),
                new Spsa(),
                new Nes());
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void largeBudgetsReachMostTargets(Attack<?> attack) {
        AttackRun<?> run = AttackRun.of(attack).with("epsilon", epsilon(attack));
        if (attack instanceof Square || attack instanceof SquareL2) {
            run = run.with("steps", 500);
        }
        int reached = count(attack(run));
        assertTrue(reached >= 12, reached + " targets reached");
    }

    static Stream<Attack<?>> singleSteps() {
        return Stream.of(new Fgsm(), new FgmL2(), new FgmL1());
    }

    /** A single step overshoots where the budget is large. */
    @ParameterizedTest
    @MethodSource("singleSteps")
    void aStepAlongTheGradientReachesMoreTargetsThanNoise(Attack<?> attack) {
        double epsilon = epsilon(attack) / 2;
        int reached = count(attack(AttackRun.of(attack).with("epsilon", epsilon)));
        int uniform = count(attack(AttackRun.of(new UniformNoise()).with("epsilon", 0.12)));
        int gaussian = count(attack(AttackRun.of(new GaussianNoise()).with("epsilon", 1.05)));
        assertTrue(
                reached >= 6 && reached > uniform && reached > gaussian,
                reached + " against " + uniform + " and " + gaussian);
    }

    static Stream<AttackRun<?>> unmeasured() {
        return Stream.of(
                AttackRun.of(new OnePixel())
                        .with("pixels", 10)
                        .with("population", 50)
                        .with("steps", 50),
                AttackRun.of(new Spatial()));
    }

    @ParameterizedTest
    @MethodSource("unmeasured")
    void attacksWithoutANormReachTargets(AttackRun<?> run) {
        int reached = count(attack(run));
        assertTrue(reached >= 9, reached + " targets reached");
    }

    /** More than the distance of any target. */
    private static double epsilon(Attack<?> attack) {
        return switch (((FixedBudgetAttack<?>) attack).norm()) {
            case LINF -> 0.24;
            case L2 -> 2.1;
            default -> 24;
        };
    }

    private static NDArray attack(AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), Criterion.targeted(targets))
                .adversarials();
    }

    private static int count(NDArray adversarials) {
        return Math.toIntExact(reached(adversarials).countNonzero().getLong());
    }

    /** Asks the network itself, not the criterion. */
    private static NDArray reached(NDArray adversarials) {
        return Networks.predictions(golden.classifier(), adversarials).eq(targets);
    }

    /** Returns the median norm, where a failure is infinite. */
    private static double median(Norm norm, NDArray adversarials) {
        boolean[] reached = reached(adversarials).toBooleanArray();
        float[] norms = norm.of(adversarials.sub(golden.images())).toFloatArray();
        double[] sorted =
                IntStream.range(0, IMAGES)
                        .mapToDouble(i -> reached[i] ? norms[i] : Double.POSITIVE_INFINITY)
                        .sorted()
                        .toArray();
        return Arrays.stream(sorted, IMAGES / 2 - 1, IMAGES / 2 + 1).average().orElseThrow();
    }
}
