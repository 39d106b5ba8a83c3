// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares JSMA and σ-zero, which change few pixels, with other implementations. */
class GoldenSparseTest {

    private static final String JSMA = "jsma_torchattacks";
    private static final String SIGMA_ZERO = "sigma_zero_100_advlib";

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

    private static Criterion next(NDArray labels) {
        return Criterion.targeted(labels.add(1).mod(10));
    }

    /** Returns the share that the library changes: it rounds the number of pairs up. */
    private static double roundedUp(double gamma, NDArray images) {
        double pixels = images.getShape().slice(1).size();
        return 2 * Math.ceil(gamma * pixels / 2) / pixels;
    }

    @Test
    void jsmaEqualsThatOfALibrary() {
        NDArray result =
                AttackRun.of(new Jsma())
                        .with("gamma", roundedUp(0.1, golden.images()))
                        .on(golden.classifier(), golden.images(), next(golden.labels()))
                        .adversarials();
        assertEqualsLibrary(JSMA, result);
    }

    @Test
    void sigmaZeroEqualsThatOfALibrary() {
        NDArray result =
                AttackRun.of(new SigmaZero())
                        .with("steps", 100)
                        .on(golden.classifier(), golden.images(), golden.fromLabels())
                        .adversarials();
        assertEqualsLibrary(SIGMA_ZERO, result);
    }

    private void assertEqualsLibrary(String name, NDArray result) {
        JsonObject expected = golden.json("library/attacks.json", "mlp", "deterministic", name);
        double[] exact = Golden.numbers(expected.getAsJsonObject("sensitivity"), "exact_samples");
        Golden.assertPixels(
                golden.arrays("library/attacks-mlp.npz").get(name),
                result,
                Arrays.stream(exact).mapToInt(sample -> (int) sample).toArray());
        Golden.assertNorms(
                Golden.numbers(expected.getAsJsonObject("norms"), "l0"),
                Norm.L0.of(result.sub(golden.images())));
        golden.assertPredictions(Golden.numbers(expected, "pred"), result);
    }

    @Test
    void jsmaChangesAsManyPixelsOfLeNetsImagesAsALibraryDoes() {
        try (GoldenLenet lenet = GoldenLenet.open(3)) {
            AttackOutcome outcome =
                    AttackRun.of(new Jsma())
                            .on(lenet.classifier(), lenet.images(), next(lenet.labels()));
            float[] norms = Norm.L0.of(outcome.adversarials().sub(lenet.images())).toFloatArray();
            double[] expected = lenet.norms(JSMA, Norm.L0);
            for (int i = 0; i < norms.length; i++) {
                if (Double.isFinite(expected[i])) {
                    assertEquals(expected[i], norms[i], "sample " + i);
                }
            }
        }
    }

    @Test
    void sigmaZeroNeedsAsFewPixelsOnLeNetAsThatOfALibrary() {
        int count = 20;
        try (GoldenLenet lenet = GoldenLenet.open(count)) {
            AttackOutcome outcome =
                    AttackRun.of(new SigmaZero())
                            .with("steps", 100)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels());
            float[] norms = Norm.L0.of(outcome.adversarials().sub(lenet.images())).toFloatArray();
            double[] expected = lenet.norms(SIGMA_ZERO, Norm.L0);
            assertEquals(count, outcome.success().countNonzero().getLong());
            double mean =
                    IntStream.range(0, count).mapToDouble(i -> norms[i]).average().orElseThrow();
            double expectedMean = Arrays.stream(expected).average().orElseThrow();
            assertEquals(expectedMean, mean, 0.05 * expectedMean);
        }
    }

    @Test
    void jsmaWithoutTargetsStopsAtTheFirstOtherClass() {
        AttackRun<?> run = AttackRun.of(new Jsma());
        AttackOutcome outcome = run.on(golden.classifier(), golden.images(), golden.fromLabels());
        assertEquals(16, outcome.success().countNonzero().getLong());
        float[] free = Norm.L0.of(outcome.adversarials().sub(golden.images())).toFloatArray();
        NDArray targeted =
                run.on(golden.classifier(), golden.images(), next(golden.labels())).adversarials();
        float[] bound = Norm.L0.of(targeted.sub(golden.images())).toFloatArray();
        double freely = IntStream.range(0, 16).mapToDouble(i -> free[i]).sum();
        double boundly = IntStream.range(0, 16).mapToDouble(i -> bound[i]).sum();
        assertTrue(freely < boundly / 2, freely + " pixels instead of " + boundly);
    }

    @Test
    void saliencyPairsAreThoseOfAllComparisons() {
        float[] gain = {1, -2, 0.5f, 3, 0.1f, 2};
        float[] loss = {0.5f, 4, -0.2f, -1, 0.3f, 0.2f};
        boolean[] open = {true, true, true, true, true, false};
        assertArrayEquals(new float[] {0, 1, 0, 1, 0, 0}, pair(gain, loss, open), "1 · 3");
        open[1] = false;
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0}, pair(gain, loss, open), "1.1 · 0.8");
        open[0] = false;
        open[2] = false;
        assertArrayEquals(new float[6], pair(gain, loss, open), "no pair gains");
    }

    private float[] pair(float[] gain, float[] loss, boolean... open) {
        SaliencyPairs pairs =
                SaliencyPairs.of(
                        row(gain),
                        row(loss),
                        golden.images().getManager().create(open).reshape(1, -1));
        return pairs.pixels().flatten().toFloatArray();
    }

    private NDArray row(float... values) {
        return golden.images().getManager().create(values).reshape(1, -1);
    }
}
