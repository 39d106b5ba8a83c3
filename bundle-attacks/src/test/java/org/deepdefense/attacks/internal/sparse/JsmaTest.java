// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pixels have to become darker to reach the boundaries of the contract. */
class JsmaTest {

    /** Of 15 pixels a half is 7, which is three pairs, and a tenth is none. */
    @ParameterizedTest
    @CsvSource({"0.5, 6", "0.1, 0", "1, 14"})
    void changesNoMorePixelsThanGammaAllows(double gamma, int most) {
        try (Networks networks = new Networks()) {
            Shape image = new Shape(1, 3, 5);
            float[][] weights = new float[2][15];
            Arrays.fill(weights[0], -1);
            Arrays.fill(weights[1], 1);
            Classifier classifier = networks.linear(image, weights, 100, 0);
            NDArray images = networks.manager().full(new Shape(1, 1, 3, 5), 0.5f);
            Criterion goal = Criterion.misclassification(classifier.predict(images).argMax(1));
            NDArray result =
                    AttackRun.of(new Jsma())
                            .with("gamma", gamma)
                            .raw(classifier, images, goal)
                            .images();
            assertEquals(most, Norm.L0.of(result.sub(images)).getFloat(0));
        }
    }
}
