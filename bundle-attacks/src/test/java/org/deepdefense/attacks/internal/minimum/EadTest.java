// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.deepdefense.attack.Norm;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.junit.jupiter.api.Test;

class EadTest {

    @Test
    void eachDecisionRuleFindsTheSmallestOfItsDistances() {
        try (Golden golden = Golden.open()) {
            NDArray[] changes = new NDArray[2];
            for (int rule = 0; rule < 2; rule++) {
                changes[rule] =
                        AttackRun.of(new Ead())
                                .with("steps", 100)
                                .with("searchSteps", 4)
                                .with("initialConstant", 1)
                                .with("elasticNetRule", rule == 1)
                                .on(golden.classifier(), golden.images(), golden.fromLabels())
                                .adversarials()
                                .sub(golden.images());
            }
            double[] l1 = {mean(Norm.L1.of(changes[0])), mean(Norm.L1.of(changes[1]))};
            double[] net = {elasticNet(changes[0]), elasticNet(changes[1])};
            assertTrue(
                    l1[0] < l1[1] && net[1] < net[0], Arrays.toString(l1) + Arrays.toString(net));
        }
    }

    private static double elasticNet(NDArray change) {
        return mean(Norm.L1.of(change).mul(0.01).add(Norm.L2.of(change).square()));
    }

    private static double mean(NDArray distances) {
        return distances.mean().getFloat();
    }
}
