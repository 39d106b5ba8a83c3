// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.Stream;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.adversarial.AdversarialTraining;
import org.deepdefense.defense.internal.adversarial.FastTraining;
import org.deepdefense.defense.internal.adversarial.Mart;
import org.deepdefense.defense.internal.adversarial.PgdTraining;
import org.deepdefense.defense.internal.adversarial.Trades;
import org.deepdefense.defense.internal.deepdefense.DeepDefense;
import org.deepdefense.defense.internal.loss.Reference;
import org.deepdefense.defense.internal.parseval.Parseval;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a batch is split, its loss and the gradient of that are the same. */
class ShardsTest {

    private static final AttackRun<?> PGD =
            AttackRun.of(new Pgd()).with("steps", 3).with("earlyStop", false);

    static Stream<Arguments> defenses() {
        return Stream.of(
                Arguments.of(new Reference(), PGD),
                Arguments.of(new Parseval(), PGD),
                Arguments.of(new AdversarialTraining(), PGD),
                Arguments.of(new PgdTraining(), PGD),
                Arguments.of(new FastTraining(), PGD),
                Arguments.of(new Trades(), PGD),
                Arguments.of(new Mart(), PGD),
                Arguments.of(new DeepDefense(), AttackRun.of(new DeepFool())),
                Arguments.of(new DeepDefense(), AttackRun.of(new DeepFoolLinf())));
    }

    @ParameterizedTest
    @MethodSource("defenses")
    <P> void addUpToTheLossOfTheBatch(Defense<P> defense, AttackRun<?> attack) {
        try (Networks networks = new Networks();
                Autograd autograd = new Autograd()) {
            BlockClassifier classifier = networks.trigonometric();
            NDList weights = new NDList(networks.parameters());
            weights.forEach(weight -> weight.setRequiresGradient(true));
            NDArray images =
                    new SampleRandom(3, 0, 1, 2, 3, 4, 5, 6, 7, 8)
                            .uniform(networks.manager(), new Shape(1, 2, 2), 0.1, 0.9);
            NDArray labels = Networks.predictions(classifier, images);
            labels.set(new long[] {0, 1, 2, 0, 1, 2, 0, 1, 2});
            DefenseRun<P> run = new DefenseRun<>(defense, Map.of(), classifier, attack);
            float whole = 0;
            NDList expected = new NDList();
            for (int shards : new int[] {1, 2, 4}) {
                float sum = 0;
                NDList gradients = new NDList();
                for (int i = 0; i < shards; i++) {
                    int from = 9 * i / shards;
                    String rows = from + ":" + 9 * (i + 1) / shards;
                    NDArray loss = run.loss(new Shard(images.get(rows), labels.get(rows), from, 9));
                    sum += loss.getFloat();
                    add(gradients, autograd.gradients(loss, weights));
                }
                if (shards == 1) {
                    whole = sum;
                    expected = gradients;
                }
                assertEquals(whole, sum, 2e-6f * Math.abs(whole), shards + " shards");
                assertSame(expected, gradients, shards + " shards");
            }
        }
    }

    private static void add(NDList sums, NDList terms) {
        if (sums.isEmpty()) {
            sums.addAll(terms);
        } else {
            for (int i = 0; i < sums.size(); i++) {
                sums.get(i).addi(terms.get(i));
            }
        }
    }

    private static void assertSame(NDList expected, NDList actual, String message) {
        for (int i = 0; i < expected.size(); i++) {
            float size = expected.get(i).norm().getFloat();
            float error = actual.get(i).sub(expected.get(i)).norm().getFloat();
            assertTrue(error <= 1e-5f * size, message + ": " + error + " of " + size);
        }
    }
}
