// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attacks.internal.auto.ApgdCe;
import org.deepdefense.attacks.internal.auto.ApgdDlr;
import org.deepdefense.attacks.internal.auto.ApgdT;
import org.deepdefense.attacks.internal.auto.AutoAttack;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.Alma;
import org.deepdefense.attacks.internal.minimum.BrendelBethge;
import org.deepdefense.attacks.internal.minimum.Ddn;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.attacks.internal.minimum.Ead;
import org.deepdefense.attacks.internal.minimum.Fab;
import org.deepdefense.attacks.internal.minimum.Fmn;
import org.deepdefense.attacks.internal.sparse.Jsma;
import org.deepdefense.attacks.internal.sparse.SigmaZero;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Bounds;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Shared;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A network whose gradients are NaN at black pixels, by a root of 0, and whose true robust accuracy
 * is 0: no attack that uses gradients may call an image of it robust. (That of Carlini and Wagner
 * looks beside black pixels, where they are finite.)
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NonFiniteGradientsCaseTest {

    private static final Shape IMAGE = new Shape(1, 28, 28);
    private static final int IMAGES = 6;
    private static final int HEADER = 16;

    private NDManager manager;
    private Autograd autograd;
    private BlockClassifier classifier;
    private NDArray images;

    @BeforeAll
    void load() throws IOException {
        manager = NDManager.newBaseManager();
        autograd = new Autograd();
        try (InputStream in =
                Files.newInputStream(Shared.require("cases/l2pool_nan_gradient.pt"))) {
            PtSymbolBlock module = JniUtils.loadModule((PtNDManager) manager, in, true, false);
            JniUtils.enableInferenceMode(module);
            classifier =
                    new BlockClassifier(
                            autograd,
                            new LambdaBlock(
                                    list ->
                                            IValueUtils.forward(
                                                    module,
                                                    new NDList(list.singletonOrThrow()),
                                                    true)),
                            IMAGE,
                            10,
                            Bounds.UNIT,
                            1,
                            Optional.empty());
        }
        try (InputStream in =
                new GZIPInputStream(
                        Files.newInputStream(
                                Shared.require("data/mnist/t10k-images-idx3-ubyte.gz")))) {
            in.skipNBytes(HEADER);
            byte[] bytes = in.readNBytes(IMAGES * (int) IMAGE.size());
            float[] pixels = new float[bytes.length];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (bytes[i] & 0xff) / 255f;
            }
            images = manager.create(pixels, new Shape(IMAGES).addAll(IMAGE));
        }
    }

    @AfterAll
    void close() {
        manager.close();
        autograd.close();
    }

    static List<AttackRun<?>> attacks() {
        return List.of(
                AttackRun.of(new Fgsm()),
                AttackRun.of(new Bim()),
                AttackRun.of(new Pgd()),
                AttackRun.of(new PgdL2()),
                AttackRun.of(new Ddn()).with("steps", 10),
                AttackRun.of(new Fmn()).with("steps", 10),
                AttackRun.of(new Alma()).with("steps", 10),
                AttackRun.of(new Jsma()),
                AttackRun.of(new ApgdCe()).with("steps", 10),
                AttackRun.of(new ApgdDlr()).with("steps", 10),
                AttackRun.of(new ApgdT()).with("steps", 10),
                AttackRun.of(new BrendelBethge()).with("steps", 10),
                AttackRun.of(new Ead()).with("steps", 10),
                AttackRun.of(new Fab()).with("steps", 10),
                AttackRun.of(new DeepFool()),
                AttackRun.of(new DeepFoolLinf()),
                AttackRun.of(new AutoAttack()).with("steps", 5).with("queries", 10),
                AttackRun.of(new SigmaZero()).with("steps", 10));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void noAttackCallsItRobust(AttackRun<?> attack) {
        AttackRun<?> weak =
                attack.attack() instanceof FixedBudgetAttack
                        ? attack.with("epsilon", 0.01)
                        : attack;
        NDArray labels = classifier.predict(images).argMax(1);
        AttackOutcome outcome = weak.on(classifier, images, Criterion.misclassification(labels));
        assertTrue(outcome.attacked().all().getBoolean());
        NDArray robust = outcome.success().logicalNot().logicalAnd(outcome.finiteGradients());
        assertEquals(0, robust.countNonzero().getLong(), "called robust");
    }
}
