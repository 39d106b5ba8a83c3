// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.FgmL1;
import org.deepdefense.attacks.internal.gradient.FgmL2;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL1;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.transfer.DiFgsm;
import org.deepdefense.attacks.internal.transfer.MiFgsm;
import org.deepdefense.attacks.internal.transfer.NiFgsm;
import org.deepdefense.attacks.internal.transfer.TiFgsm;
import org.deepdefense.attacks.internal.transfer.VmiFgsm;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradient attacks with a budget, compared with those of other libraries. */
@Tag("slow")
class GoldenGradientTest {

    private static final String VALUES = "library/attacks.json";

    /** Images that some attacks with a small budget fool, and as many that resist them. */
    private static final int[] VULNERABLE = {
        18, 36, 92, 96, 104, 149, 151, 158, 167, 175, 179, 184, 193, 195, 8, 20, 65, 125, 24, 31, 0,
        1, 2, 3, 4, 5, 7, 10, 11, 13, 14, 17, 19, 22, 23, 25
    };

    private static Golden golden;
    private static GoldenLenet lenet;
    private static GoldenLenet vulnerable;

    @BeforeAll
    static void open() {
        golden = Golden.open();
        lenet = GoldenLenet.open(50);
        vulnerable = GoldenLenet.choose(VULNERABLE);
    }

    @AfterAll
    static void close() {
        if (vulnerable != null) {
            vulnerable.close();
        }
        if (lenet != null) {
            lenet.close();
        }
        if (golden != null) {
            golden.close();
        }
    }

    static Stream<Arguments> deterministic() {
        return Stream.of(
                Arguments.of("fgm_l1_2.0", of(new FgmL1(), 2)),
                Arguments.of("pgd_l1_2.0", pgd(of(new PgdL1(), 2))),
                Arguments.of("mifgsm_0.05_torchattacks", tenSteps(of(new MiFgsm(), 0.05))),
                Arguments.of(
                        "sinifgsm_0.05_torchattacks",
                        tenSteps(of(new NiFgsm(), 0.05)).with("scales", 5)),
                Arguments.of(
                        "tifgsm_nodiversity_0.05_torchattacks",
                        tenSteps(of(new TiFgsm(), 0.05)).with("diversityProbability", 0)));
    }

    @ParameterizedTest
    @MethodSource("deterministic")
    void equalsALibraryPixelByPixel(String name, AttackRun<?> run) {
        JsonObject expected = golden.json(VALUES, "mlp", "deterministic", name);
        NDArray result =
                unstopped(run)
                        .raw(golden.classifier(), golden.images(), golden.fromLabels())
                        .images();
        double[] exact = Golden.numbers(expected.getAsJsonObject("sensitivity"), "exact_samples");
        Golden.assertPixels(
                golden.arrays("library/attacks-mlp.npz").get(name),
                result,
                Arrays.stream(exact).mapToInt(sample -> (int) sample).toArray());
        golden.assertPredictions(Golden.numbers(expected, "pred"), result);
        assertEquals(expected.get("robust_accuracy").getAsDouble(), golden.accuracy(result), 1e-6);
    }

    /** Foolbox adds up gradients as they are, ours are divided by their mean first. */
    @Test
    void momentumOfNormalisedGradientsFoolsNoFewerImages() {
        JsonObject expected =
                golden.json(VALUES, "mlp", "deterministic", "mifgm_linf_0.05_foolbox");
        double[] foolbox = Golden.numbers(expected, "success");
        boolean[] ours = success(unstopped(tenSteps(of(new MiFgsm(), 0.05))));
        for (int i = 0; i < ours.length; i++) {
            assertTrue(ours[i] || foolbox[i] == 0, "image " + i + " was lost");
        }
    }

    static Stream<Arguments> stochastic() {
        return Stream.of(
                Arguments.of("difgsm_0.05_torchattacks", diversity(of(new DiFgsm(), 0.05))),
                Arguments.of(
                        "tifgsm_0.05_torchattacks",
                        diversity(of(new TiFgsm(), 0.05)).with("kernelLength", 5)),
                Arguments.of("vmifgsm_0.05_torchattacks", tenSteps(of(new VmiFgsm(), 0.05))));
    }

    @ParameterizedTest
    @MethodSource("stochastic")
    void isAsStrongAsALibrary(String name, AttackRun<?> run) {
        JsonObject range = golden.json(VALUES, "mlp", "stochastic", name, "summary");
        for (long seed = 0; seed < 3; seed++) {
            NDArray result =
                    unstopped(run.withSeed(seed))
                            .on(golden.classifier(), golden.images(), golden.fromLabels())
                            .adversarials();
            assertInside(range, golden.accuracy(result), 1 / 16.0);
        }
    }

    static Stream<Arguments> deterministicOnLenet() {
        return Stream.of(
                Arguments.of("fgm_linf_0.1", of(new Fgsm(), 0.1)),
                Arguments.of("fgm_l2_1.0", of(new FgmL2(), 1)),
                Arguments.of("fgm_l1_10.0", of(new FgmL1(), 10)),
                Arguments.of("bim_linf_0.1", tenSteps(of(new Bim(), 0.1))),
                Arguments.of("pgd_linf_0.1", pgd(of(new Pgd(), 0.1))),
                Arguments.of("pgd_l2_1.0", pgd(of(new PgdL2(), 1))),
                Arguments.of("bim_l2_1.0", still(tenSteps(of(new PgdL2(), 1)))),
                Arguments.of("pgd_l1_10.0", pgd(of(new PgdL1(), 10))),
                Arguments.of("mifgsm_0.1_torchattacks", tenSteps(of(new MiFgsm(), 0.1))),
                Arguments.of("nifgsm_0.1_torchattacks", tenSteps(of(new NiFgsm(), 0.1))));
    }

    /** Attacks in L1 fool one of the first fifty images only, so that others are needed. */
    @ParameterizedTest
    @MethodSource("deterministicOnLenet")
    void foolsTheSameImagesOfMnist(String name, AttackRun<?> run) {
        assertSameSuccess(lenet, name, run);
        int fooled = assertSameSuccess(vulnerable, name, run);
        assertTrue(fooled >= 4, "an attack that does nothing is told apart");
    }

    /** Returns how many images the library fools. */
    private static int assertSameSuccess(GoldenLenet images, String name, AttackRun<?> run) {
        boolean[] expected = images.success(name);
        boolean[] actual =
                unstopped(run)
                        .on(images.classifier(), images.images(), images.fromLabels())
                        .success()
                        .toBooleanArray();
        int fooled = 0;
        int different = 0;
        for (int i = 0; i < expected.length; i++) {
            fooled += expected[i] ? 1 : 0;
            different += expected[i] == actual[i] ? 0 : 1;
        }
        assertTrue(different <= 1, name + " differs on " + different + " images");
        return fooled;
    }

    static Stream<Arguments> stochasticOnLenet() {
        return Stream.of(
                Arguments.of("difgsm_0.1_torchattacks", diversity(of(new DiFgsm(), 0.1))),
                Arguments.of(
                        "tifgsm_0.1_torchattacks",
                        diversity(of(new TiFgsm(), 0.1)).with("kernelLength", 5)),
                Arguments.of("vmifgsm_0.1_torchattacks", tenSteps(of(new VmiFgsm(), 0.1))));
    }

    @ParameterizedTest
    @MethodSource("stochasticOnLenet")
    void isAsStrongAsALibraryOnMnist(String name, AttackRun<?> run) {
        double accuracy =
                lenet.accuracy(
                        unstopped(run)
                                .on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                                .adversarials());
        double sum = 0;
        for (int seed = 0; seed < 3; seed++) {
            boolean[] success = lenet.success(name + ".seed" + seed);
            for (boolean fooled : success) {
                sum += fooled ? 0 : 1.0 / success.length;
            }
        }
        assertEquals(sum / 3, accuracy, 0.05, name);
    }

    static Stream<Arguments> randomStartsOnLenet() {
        return Stream.of(
                Arguments.of("pgd_rs_linf_0.1", of(new Pgd(), 0.1)),
                Arguments.of("pgd_rs_l2_1.0", of(new PgdL2(), 1)),
                Arguments.of("pgd_rs_l1_10.0", of(new PgdL1(), 10)));
    }

    /** Only images that a random start decides about may differ, but for one. */
    @ParameterizedTest
    @MethodSource("randomStartsOnLenet")
    void randomStartsFoolTheSameImagesOfMnist(String name, AttackRun<?> run) {
        boolean[] actual =
                unstopped(pgd(run).with("randomStart", true))
                        .on(vulnerable.classifier(), vulnerable.images(), vulnerable.fromLabels())
                        .success()
                        .toBooleanArray();
        int[] seeds = new int[actual.length];
        for (int seed = 0; seed < 3; seed++) {
            boolean[] success = vulnerable.success(name + ".seed" + seed);
            for (int i = 0; i < seeds.length; i++) {
                seeds[i] += success[i] ? 1 : 0;
            }
        }
        int always = 0;
        int different = 0;
        for (int i = 0; i < seeds.length; i++) {
            always += seeds[i] == 3 ? 1 : 0;
            different += seeds[i] == (actual[i] ? 0 : 3) ? 1 : 0;
        }
        assertTrue(always >= 4, "an attack that does nothing is told apart");
        assertTrue(different <= 1, name + " differs on " + different + " images");
    }

    /** Foolbox scales perturbations down, which is not the nearest point of the ball. */
    @Test
    void projectionOntoTheL1BallFoolsMoreThanScaling() {
        String name = "bim_l1_10.0";
        boolean[] scaled = lenet.success(name);
        boolean[] projected =
                still(tenSteps(of(new PgdL1(), 10)))
                        .on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                        .success()
                        .toBooleanArray();
        int gained = 0;
        for (int i = 0; i < scaled.length; i++) {
            assertTrue(projected[i] || !scaled[i], name + ": image " + i + " was lost");
            gained += projected[i] && !scaled[i] ? 1 : 0;
        }
        assertTrue(gained > 0, "nothing gained");
    }

    @ParameterizedTest
    @MethodSource("deterministicOnLenet")
    void stoppingEarlyLosesNoSuccess(String name, AttackRun<?> run) {
        if (!run.has("earlyStop")) {
            return;
        }
        boolean[] stopped = success(run);
        boolean[] complete = success(unstopped(run));
        int fooled = 0;
        for (int i = 0; i < stopped.length; i++) {
            assertTrue(stopped[i] || !complete[i], name + ": image " + i + " was lost");
            fooled += stopped[i] ? 1 : 0;
        }
        assertTrue(fooled > 2, "more than the images that are misclassified");
    }

    private static boolean[] success(AttackRun<?> run) {
        return run.on(golden.classifier(), golden.images(), golden.fromLabels())
                .success()
                .toBooleanArray();
    }

    private static void assertInside(JsonObject range, double accuracy, double tolerance) {
        assertTrue(
                accuracy >= range.get("robust_accuracy_min").getAsDouble() - tolerance
                        && accuracy <= range.get("robust_accuracy_max").getAsDouble() + tolerance,
                "accuracy " + accuracy + " is outside the range of " + range);
    }

    private static AttackRun<?> of(Attack<?> attack, double epsilon) {
        return AttackRun.of(attack).with("epsilon", epsilon);
    }

    private static AttackRun<?> tenSteps(AttackRun<?> run) {
        return run.with("steps", 10).with("relativeStepSize", 0.2);
    }

    private static AttackRun<?> still(AttackRun<?> run) {
        return run.with("randomStart", false);
    }

    private static AttackRun<?> pgd(AttackRun<?> run) {
        return still(run).with("steps", 40).with("relativeStepSize", 0.025);
    }

    private static AttackRun<?> diversity(AttackRun<?> run) {
        return tenSteps(run).with("decay", 1);
    }

    private static AttackRun<?> unstopped(AttackRun<?> run) {
        return run.has("earlyStop") ? run.with("earlyStop", false) : run;
    }
}
