// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.Map;
import java.util.Random;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.defense.internal.adversarial.AdversarialTraining;
import org.deepdefense.defense.internal.loss.Losses;
import org.deepdefense.defense.internal.loss.Reference;
import org.deepdefense.defense.internal.parseval.Parseval;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtherDefensesTest {

    private static final AttackRun<?> FGSM = AttackRun.of(new Fgsm()).with("epsilon", 0.1);

    private Networks networks;
    private BlockClassifier classifier;
    private NDArray images;
    private NDArray labels;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier = networks.trigonometric();
        images =
                networks.manager()
                        .create(new float[] {.2f, .7f, .4f, .9f, .9f, .1f, .6f, .3f})
                        .reshape(2, 1, 2, 2);
        labels = Networks.predictions(classifier, images);
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void referenceTrainingIsTheMeanCrossEntropy() {
        NDArray loss =
                new DefenseRun<>(new Reference(), Map.of(), classifier, FGSM).loss(images, labels);
        assertEquals(crossEntropy(images), loss.getFloat(), 1e-6);
    }

    @Test
    void adversarialTrainingMixesCleanAndAttackedImages() {
        NDArray attacked =
                FGSM.on(classifier, images, Criterion.misclassification(labels)).adversarials();
        for (double alpha : new double[] {0, 0.3, 1}) {
            NDArray loss =
                    new DefenseRun<>(
                                    new AdversarialTraining(),
                                    Map.of("alpha", alpha),
                                    classifier,
                                    FGSM)
                            .loss(images, labels);
            assertEquals(
                    (1 - alpha) * crossEntropy(images) + alpha * crossEntropy(attacked),
                    loss.getFloat(),
                    1e-5);
        }
    }

    @Test
    void adversarialTrainingAttacksWhatIsMisclassifiedToo() {
        NDArray wrong = labels.add(1).mod(3);
        NDArray attacked = FGSM.onEveryRow(classifier, images, Criterion.misclassification(wrong));
        float[] moves = Norm.LINF.of(attacked.sub(images)).toFloatArray();
        assertArrayEquals(new float[] {0.1f, 0.1f}, moves, 1e-6f);
        NDArray before = Losses.crossEntropy(classifier.predict(images), wrong);
        NDArray after = Losses.crossEntropy(classifier.predict(attacked), wrong);
        assertEquals(2, after.gt(before).countNonzero().getLong(), after + " after " + before);
        NDArray loss =
                new DefenseRun<>(new AdversarialTraining(), Map.of("alpha", 1), classifier, FGSM)
                        .loss(images, wrong);
        assertEquals(after.mean().getFloat(), loss.getFloat(), 1e-6);
    }

    @Test
    void parsevalTrainingMovesMatricesToTightFrames() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Linear wide = Linear.builder().setUnits(3).optBias(false).build();
            wide.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
            Conv2d tall =
                    Conv2d.builder()
                            .setFilters(6)
                            .setKernelShape(new Shape(2, 2))
                            .optBias(false)
                            .build();
            tall.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 4, 4));
            Random random = new Random(1);
            for (var block : new Block[] {wide, tall}) {
                Parameter weight = block.getParameters().valueAt(0);
                float[] values = new float[(int) weight.getArray().size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = 0.3f * (float) random.nextGaussian();
                }
                weight.getArray().set(values);
                DefenseRun<Parseval.Parameters> run =
                        new DefenseRun<>(
                                new Parseval(),
                                Map.of("beta", 0.1),
                                classifier,
                                FGSM,
                                Map.of("weight", weight.getArray()));
                Autograd.withoutRecording(
                        () -> {
                            for (int i = 0; i < 300; i++) {
                                run.objective().afterUpdate();
                            }
                        });
                NDArray rows = weight.getArray().reshape(weight.getShape().get(0), -1);
                boolean isWide = rows.getShape().get(0) <= rows.getShape().get(1);
                NDArray gram =
                        isWide ? rows.matMul(rows.transpose()) : rows.transpose().matMul(rows);
                NDArray identity = manager.eye((int) gram.getShape().get(0));
                assertEquals(0, gram.sub(identity).abs().max().getFloat(), 1e-4);
            }
        }
    }

    private double crossEntropy(NDArray of) {
        return Losses.crossEntropy(classifier.predict(of), labels).mean().getFloat();
    }
}
