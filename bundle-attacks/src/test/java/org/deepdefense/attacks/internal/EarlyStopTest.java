// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.decision.HopSkipJump;
import org.deepdefense.attacks.internal.decision.HopSkipJumpLinf;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.Alma;
import org.deepdefense.attacks.internal.minimum.Ddn;
import org.deepdefense.attacks.internal.minimum.Fmn;
import org.deepdefense.attacks.internal.minimum.FmnL0;
import org.deepdefense.attacks.internal.minimum.FmnL1;
import org.deepdefense.attacks.internal.minimum.FmnLinf;
import org.deepdefense.attacks.internal.sparse.SigmaZero;
import org.deepdefense.attacks.internal.transfer.MiFgsm;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier.Calls;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What attacks that leave an image once it is adversarial cost. */
@Tag("slow")
class EarlyStopTest {

    private static final int STEPS = 10;

    @Test
    void asksTheNetworkOncePerStepAndOnlyForWhatResists() {
        try (Golden golden = Golden.open()) {
            for (Attack<?> attack : List.of(new Bim(), new Pgd(), new PgdL2(), new MiFgsm())) {
                AttackRun<?> run = AttackRun.of(attack).with("steps", STEPS).with("epsilon", 0.1);
                Calls complete = calls(golden, run.with("earlyStop", false));
                assertEquals(new Calls(16 * STEPS, 16 * STEPS), complete, attack.toString());
                Calls stopped = calls(golden, run);
                assertEquals(stopped.forwards(), stopped.backwards());
                assertTrue(
                        stopped.forwards() < complete.forwards(),
                        attack + " made the calls " + stopped);
            }
        }
    }

    static Stream<Arguments> patientRuns() {
        return Stream.of(
                Arguments.of(AttackRun.of(new Ddn()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new Fmn()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new FmnL0()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new FmnL1()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new FmnLinf()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new Alma()).with("steps", 200), 50),
                Arguments.of(AttackRun.of(new SigmaZero()).with("steps", 200), 20),
                Arguments.of(AttackRun.of(new HopSkipJump()).with("steps", 40), 8),
                Arguments.of(AttackRun.of(new HopSkipJumpLinf()).with("steps", 40), 8));
    }

    @ParameterizedTest
    @MethodSource("patientRuns")
    void letsSamplesGoThatComeNoNearer(AttackRun<?> run, int patience) {
        try (Networks networks = new Networks()) {
            Shape shape = new Shape(1, 4, 6);
            BlockClassifier classifier = networks.twoClass(shape);
            NDArray images =
                    new SampleRandom(5, 0, 1, 2)
                            .normal(networks.manager(), shape)
                            .mul(0.03f)
                            .add(0.75f);
            AttackRun<?> patient = run.with("patience", patience);
            Calls start = classifier.calls();
            NDArray all = attack(run, classifier, images);
            Calls between = classifier.calls();
            NDArray batch = attack(patient, classifier, images);
            Calls saved = classifier.calls().since(between);
            assertTrue(
                    saved.forwards() < between.since(start).forwards(),
                    saved + " instead of " + between.since(start));
            Norm norm = ((MinimumNormAttack<?>) run.attack()).norm();
            float[] full = norm.of(all.sub(images)).toFloatArray();
            float[] early = norm.of(batch.sub(images)).toFloatArray();
            for (int i = 0; i < full.length; i++) {
                assertTrue(early[i] > 0 && early[i] <= 1.01 * full[i], early[i] + ", " + full[i]);
                NDIndex one = new NDIndex(i + ":" + (i + 1));
                NDArray alone = attack(patient, classifier, images.get(one), i);
                assertArrayEquals(
                        batch.get(one).toFloatArray(), alone.toFloatArray(), 1e-4f, "sample " + i);
            }
        }
    }

    private static NDArray attack(
            AttackRun<?> run, BlockClassifier classifier, NDArray images, long... samples) {
        Criterion criterion = Criterion.misclassification(Networks.predictions(classifier, images));
        return (samples.length == 0
                        ? run.on(classifier, images, criterion)
                        : run.on(classifier, images, criterion, samples))
                .adversarials();
    }

    private static Calls calls(Golden golden, AttackRun<?> run) {
        Calls before = golden.classifier().calls();
        run.raw(golden.classifier(), golden.images(), golden.fromLabels());
        return golden.classifier().calls().since(before);
    }
}
