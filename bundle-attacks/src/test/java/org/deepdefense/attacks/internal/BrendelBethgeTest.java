package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepdefense.attack.Norm;
import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.junit.jupiter.api.Test;

class BrendelBethgeTest extends AttackContract {

    BrendelBethgeTest() {
        super(AttackRun.of(new BrendelBethge()).with("steps", 30).with("radius", 0.3));
    }

    /** The radius is that of Foolbox for 16 images of 196 pixels. */
    @Test
    void findsTheMedianDistanceOfFoolbox() {
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
                    median <= 1.1 * range.get("median_l2_max").getAsDouble()
                            && median >= 0.9 * range.get("median_l2_min").getAsDouble(),
                    Arrays.toString(attacked) + " have the median " + median);
        }
    }
}
