// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.deepdefense.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares FAB with two other implementations of it. */
@Tag("slow")
class GoldenFabTest {

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

    static Stream<Arguments> runs() {
        return Stream.of(
                Arguments.of("fab_linf_advlib", new Fab()),
                Arguments.of("fab_linf_autoattack", new Fab()),
                Arguments.of("fab_l1_advlib", new FabL1()),
                Arguments.of("fab_l1_autoattack", new FabL1()));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void equalsThatOfALibrary(String name, MinimumNormAttack<FabParameters> attack) {
        NDArray result = attack(AttackRun.of(attack), golden.fromLabels());
        JsonObject expected = golden.json("library/attacks.json", "mlp", "deterministic", name);
        double[] exact = Golden.numbers(expected.getAsJsonObject("sensitivity"), "exact_samples");
        Golden.assertPixels(
                golden.arrays("library/attacks-mlp.npz").get(name),
                result,
                Arrays.stream(exact).mapToInt(sample -> (int) sample).toArray());
        Golden.assertNorms(
                Golden.numbers(
                        expected.getAsJsonObject("norms"),
                        attack.norm().name().toLowerCase(Locale.ROOT)),
                attack.norm().of(result.sub(golden.images())));
    }

    static Stream<Arguments> lenetRuns() {
        return Stream.of(
                Arguments.of("fab_linf_advlib", new Fab()),
                Arguments.of("fab_l2_advlib", new FabL2()),
                Arguments.of("fab_l1_advlib", new FabL1()));
    }

    @ParameterizedTest
    @MethodSource("lenetRuns")
    void findsTheDistancesThatALibraryFindsOnLeNet(
            String name, MinimumNormAttack<FabParameters> attack) {
        try (GoldenLenet lenet = GoldenLenet.open(2)) {
            NDArray result =
                    AttackRun.of(attack)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels())
                            .adversarials();
            float[] norms = attack.norm().of(result.sub(lenet.images())).toFloatArray();
            double[] expected = lenet.norms(name, attack.norm());
            for (int i = 0; i < norms.length; i++) {
                assertEquals(expected[i], norms[i], 0.01 * expected[i], "norm of sample " + i);
            }
            assertEquals(0, lenet.accuracy(result));
        }
    }

    @Test
    void oneTargetAfterTheOtherFindsWhatAllTogetherFind() {
        AttackRun<?> all = AttackRun.of(new FabL2()).with("steps", 15);
        float[] together = norms(attack(all, golden.fromLabels()));
        float[] single = norms(attack(all.with("targets", 1), golden.fromLabels()));
        float[] oneByOne = norms(attack(all.with("targets", 9), golden.fromLabels()));
        for (int i = 0; i < together.length; i++) {
            assertTrue(oneByOne[i] <= single[i], "more targets, sample " + i);
            assertTrue(oneByOne[i] <= 1.02 * together[i], "sample " + i);
        }
    }

    @Test
    void restartsKeepTheBest() {
        AttackRun<?> one = AttackRun.of(new FabL2()).with("steps", 10);
        float[] once = norms(attack(one, golden.fromLabels()));
        float[] often = norms(attack(one.with("restarts", 4), golden.fromLabels()));
        int gained = 0;
        for (int i = 0; i < once.length; i++) {
            assertTrue(often[i] <= once[i], "sample " + i + " got worse");
            gained += often[i] < once[i] ? 1 : 0;
        }
        assertTrue(gained > 0, "restarts gain something");
    }

    @Test
    void aBudgetSparesStepsAndChangesNoVerdict() {
        double epsilon = 0.04;
        int steps = 25;
        NDArray x = golden.images();
        Criterion criterion = golden.fromPredictions();
        float[] smallest =
                Norm.LINF
                        .of(attack(AttackRun.of(new Fab()).with("steps", steps), criterion).sub(x))
                        .toFloatArray();
        long before = golden.classifier().calls().backwards();
        TestContext<?> context =
                new TestContext<>(
                        AttackRun.of(new Fab()).parameters(),
                        new SampleRandom(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
        FabSearch search =
                new FabSearch(
                        Norm.LINF,
                        FabSearch.Settings.within(epsilon, steps, 9, 1),
                        golden.classifier(),
                        context);
        NDArray result =
                Autograd.recording(true, () -> search.attack(x, criterion, context.random()));
        float[] norms = Norm.LINF.of(result.sub(x)).toFloatArray();
        int within = 0;
        for (int i = 0; i < norms.length; i++) {
            assertEquals(smallest[i] <= epsilon, norms[i] <= epsilon, "sample " + i);
            within += norms[i] <= epsilon ? 1 : 0;
        }
        assertTrue(within > 0 && within < norms.length, within + " samples within the budget");
        long spent = golden.classifier().calls().backwards() - before;
        assertTrue(spent < steps * 9 * norms.length / 2, spent + " gradients");
    }

    private NDArray attack(AttackRun<?> run, Criterion criterion) {
        return run.on(golden.classifier(), golden.images(), criterion).adversarials();
    }

    private float[] norms(NDArray result) {
        return Norm.L2.of(result.sub(golden.images())).toFloatArray();
    }
}
