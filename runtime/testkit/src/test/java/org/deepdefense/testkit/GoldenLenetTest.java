// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.deepdefense.attack.Norm;
import org.junit.jupiter.api.Test;

class GoldenLenetTest {

    @Test
    void misclassifiesTheTwoImagesThatOthersSaw() {
        try (GoldenLenet lenet = GoldenLenet.open(GoldenLenet.IMAGES)) {
            assertEquals(198 / 200.0, lenet.accuracy(lenet.images()), 1e-6);
            assertEquals(198, lenet.json("deterministic", "df_l2_advlib").get("n").getAsInt() - 2);
        }
    }

    /** One step of FGSM needs the network, its gradient and the images all to be right. */
    @Test
    void givesTheGradientsThatOthersSaw() {
        try (GoldenLenet lenet = GoldenLenet.open(50)) {
            NDArray gradient =
                    lenet.classifier()
                            .lossGradient(lenet.images(), lenet.fromLabels().loss())
                            .gradient();
            NDArray adversarials = lenet.images().add(gradient.sign().mul(0.1)).clip(0, 1);
            NDArray fooled =
                    Networks.predictions(lenet.classifier(), adversarials).neq(lenet.labels());
            assertEquals(
                    Arrays.toString(lenet.success("fgm_linf_0.1")),
                    Arrays.toString(fooled.toBooleanArray()));
        }
    }

    @Test
    void tellsNormsOfTheImagesAskedFor() {
        try (GoldenLenet lenet = GoldenLenet.open(5)) {
            double[] norms = lenet.norms("df_l2_advlib", Norm.L2);
            assertEquals(5, norms.length);
            assertTrue(Arrays.stream(norms).allMatch(norm -> norm > 0.1 && norm < 5));
        }
    }

    @Test
    void choosesImagesLabelsNormsAndSuccessesAlike() {
        try (GoldenLenet first = GoldenLenet.open(20);
                GoldenLenet chosen = GoldenLenet.choose(18, 3)) {
            long[] labels = first.labels().toLongArray();
            double[] norms = first.norms("df_l2_advlib", Norm.L2);
            assertArrayEquals(new long[] {labels[18], labels[3]}, chosen.labels().toLongArray());
            assertArrayEquals(
                    new double[] {norms[18], norms[3]}, chosen.norms("df_l2_advlib", Norm.L2));
            assertArrayEquals(new boolean[] {true, false}, chosen.success("fgm_l2_1.0"));
            assertEquals(first.images().get(18), chosen.images().get(0));
        }
    }
}
