// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.GoldenLenet;
import org.junit.jupiter.api.Test;

class BrendelBethgeTest {

    /** The radius is that of Foolbox for 16 images of 196 pixels. */
    @Test
    void findsNoMoreThanTheMedianDistanceOfFoolbox() {
        try (Golden golden = Golden.open()) {
            JsonObject range =
                    golden.json(
                            "library/attacks.json",
                            "mlp",
                            "stochastic",
                            "bb_l2_foolbox",
                            "summary");
            float[] norms =
                    Norm.L2
                            .of(
                                    AttackRun.of(new BrendelBethge())
                                            .with("steps", 100)
                                            .with("radius", 0.001 * 16 * 14)
                                            .on(
                                                    golden.classifier(),
                                                    golden.images(),
                                                    golden.fromLabels())
                                            .adversarials()
                                            .sub(golden.images()))
                            .toFloatArray();
            double[] attacked =
                    IntStream.range(0, norms.length)
                            .mapToDouble(i -> norms[i])
                            .filter(norm -> norm > 0)
                            .sorted()
                            .toArray();
            assertEquals(14, attacked.length, "all succeed");
            double median = (attacked[6] + attacked[7]) / 2;
            assertTrue(
                    median <= 1.02 * range.get("median_l2_max").getAsDouble(),
                    Arrays.toString(attacked) + " have the median " + median);
        }
    }

    /**
     * All noise is of one class of this network, whose boundary is far from most digits: from
     * there, the median was 1.08 times that of FAB.
     */
    @Test
    void comesAsNearAsFabOnLeNet() {
        int count = 12;
        try (GoldenLenet lenet = GoldenLenet.open(count)) {
            AttackOutcome outcome =
                    AttackRun.of(new BrendelBethge())
                            .with("steps", 200)
                            .on(lenet.classifier(), lenet.images(), lenet.fromLabels());
            assertEquals(count, outcome.success().countNonzero().getLong(), "all succeed");
            float[] ours = Norm.L2.of(outcome.adversarials().sub(lenet.images())).toFloatArray();
            double[] fab = lenet.norms("fab_l2_advlib", Norm.L2);
            double median = median(IntStream.range(0, count).mapToDouble(i -> ours[i]));
            double theirs = median(Arrays.stream(fab));
            assertTrue(median <= 1.03 * theirs, median + " instead of " + theirs);
        }
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Each step halves the radius here, so that steps soon lead nowhere. */
    @Test
    void letsSamplesGoWhenTheRadiusIsNegligible() {
        try (Golden golden = Golden.open()) {
            Classifier.Calls few = calls(golden, 40);
            assertEquals(few.backwards(), calls(golden, 400).backwards());
        }
    }

    private static Classifier.Calls calls(Golden golden, int steps) {
        Classifier.Calls before = golden.classifier().calls();
        AttackRun.of(new BrendelBethge())
                .with("steps", steps)
                .with("decays", steps)
                .on(golden.classifier(), golden.images(), golden.fromLabels());
        return golden.classifier().calls().since(before);
    }
}
