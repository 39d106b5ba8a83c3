// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import java.util.Optional;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a network that says 1 if the first two of four pixels sum up to more than one. */
class RefinementTest {

    private static final Shape SHAPE = new Shape(1, 2, 2);

    private NDManager manager;
    private Autograd autograd;
    private Classifier classifier;
    private Criterion criterion;

    @BeforeEach
    void start() {
        manager = NDManager.newBaseManager();
        autograd = new Autograd();
        classifier =
                new BlockClassifier(
                        autograd,
                        new LambdaBlock(inputs -> new NDList(logits(inputs.head()))),
                        SHAPE,
                        2,
                        new Bounds(0, 1),
                        1,
                        Optional.empty());
        criterion = Criterion.misclassification(manager.create(new long[] {0, 0}));
    }

    @AfterEach
    void stop() {
        autograd.close();
        manager.close();
    }

    private static NDArray logits(NDArray images) {
        NDArray sum =
                images.reshape(images.getShape().get(0), 4).get(":, :2").sum(new int[] {1}, true);
        return sum.onesLike().concat(sum, 1);
    }

    private NDArray images(float... pixels) {
        return manager.create(pixels, new Shape(2, 1, 2, 2));
    }

    private AttackOutcome outcome(NDArray clean, NDArray adversarial) {
        NDArray logits = classifier.predict(adversarial);
        return new AttackOutcome(
                adversarial,
                manager.ones(new Shape(2)).toType(DataType.BOOLEAN, false),
                criterion.isAdversarial(logits),
                manager.ones(new Shape(2)).toType(DataType.BOOLEAN, false),
                classifier.predict(clean),
                logits,
                criterion);
    }

    private AttackOutcome tighten(Norm norm, NDArray clean, NDArray adversarial) {
        return Refinement.tighten(outcome(clean, adversarial), norm, classifier, clean, () -> {});
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void onlyWhatIsNeededOfThePerturbationIsLeft(Norm norm) {
        // The second image is not fooled by what the attack did to it.
        NDArray clean = images(0, 0, 0, 0, 0, 0, 0, 0);
        NDArray adversarial = images(1, 0.5f, 0.25f, 0.5f, 0.25f, 0.25f, 1, 1);
        AttackOutcome result = tighten(norm, clean, adversarial);

        assertArrayEquals(
                new boolean[] {true, false}, result.success().toBooleanArray(), "" + norm);
        NDArray logits = classifier.predict(result.adversarials());
        assertArrayEquals(
                new boolean[] {true, false}, criterion.isAdversarial(logits).toBooleanArray());
        assertArrayEquals(logits.toFloatArray(), result.adversarialLogits().toFloatArray());
        double size = norm.of(result.adversarials()).toFloatArray()[0];
        double before = norm.of(adversarial).toFloatArray()[0];
        double expected =
                switch (norm) {
                    case L0 -> 2;
                    case LINF -> 0.5;
                    case L1, L2 -> before / 1.5;
                };
        assertEquals(expected, size, norm == Norm.L0 ? 0 : 0.001 * before);
        assertTrue(size >= expected && size <= before);
        assertArrayEquals(
                adversarial.get("1").toFloatArray(), result.adversarials().get("1").toFloatArray());
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void noNormEverGrowsAndTheBoxIsKept(Norm norm) {
        NDArray clean = images(0.3f, 0.1f, 0.9f, 0.7f, 0.49f, 0.5f, 0, 1);
        NDArray adversarial = images(0.7f, 1, 0, 0.7f, 1, 0.0626f, 0.2f, 0);
        AttackOutcome result = tighten(norm, clean, adversarial);
        assertArrayEquals(new boolean[] {true, true}, result.success().toBooleanArray());
        for (Norm each : Norm.values()) {
            float[] before = each.of(adversarial.sub(clean)).toFloatArray();
            float[] after = each.of(result.adversarials().sub(clean)).toFloatArray();
            for (int i = 0; i < 2; i++) {
                assertTrue(after[i] <= before[i], each + " from " + before[i] + " to " + after[i]);
            }
        }
        assertTrue(result.adversarials().min().getFloat() >= 0);
        assertTrue(result.adversarials().max().getFloat() <= 1);
    }

    @Test
    void eightBitsDecideWhatIsStored() {
        // 100.4 levels are stored as 100, and 100.6 as 101; with 155 that is 255 and 256 of 255.
        NDArray adversarial =
                images(100.4f / 255, 155.3f / 255, 0, 0, 100.6f / 255, 155f / 255, 0, 0);
        AttackOutcome raw = outcome(adversarial.zerosLike(), adversarial);
        assertArrayEquals(new boolean[] {true, true}, raw.success().toBooleanArray());
        AttackOutcome stored = Refinement.eightBit(raw, classifier);
        assertArrayEquals(new boolean[] {false, true}, stored.success().toBooleanArray());
        assertEquals(1, stored.adversarialLogits().toFloatArray()[1], 1e-6);
        assertArrayEquals(adversarial.toFloatArray(), stored.adversarials().toFloatArray());
    }

    @Test
    void whatFoolsOnlyAfterRoundingDoesNotCount() {
        // 127.5 levels are stored as 128, and twice that is more than 255.
        NDArray adversarial =
                images(127.5f / 255, 127.5f / 255, 0, 0, 100.6f / 255, 153.9f / 255, 0, 0);
        AttackOutcome raw = outcome(adversarial.zerosLike(), adversarial);
        assertArrayEquals(new boolean[] {false, false}, raw.success().toBooleanArray());
        NDArray rounded = adversarial.mul(255).round().div(255);
        assertTrue(criterion.isAdversarial(classifier.predict(rounded.mul(1))).toBooleanArray()[0]);
        AttackOutcome stored = Refinement.eightBit(raw, classifier);
        assertArrayEquals(new boolean[] {false, false}, stored.success().toBooleanArray());
    }
}
