// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Stream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.deepdefense.testkit.StretchedPixels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks find the same perturbations where pixels lie in other bounds, but for their scale. */
class StretchedBoundsTest {

    private static final Bounds BOUNDS = new Bounds(-100, 155);

    static Stream<AttackRun<?>> runs() {
        return Stream.of(
                AttackRun.of(new Ddn()).with("steps", 30),
                AttackRun.of(new Ddn()).with("steps", 30).with("levels", 256),
                AttackRun.of(new Fmn()).with("steps", 30),
                AttackRun.of(new FmnL0()).with("steps", 30),
                AttackRun.of(new FmnL1()).with("steps", 30),
                AttackRun.of(new FmnLinf()).with("steps", 30),
                AttackRun.of(new Alma()).with("steps", 30),
                AttackRun.of(new CarliniWagner())
                        .with("steps", 30)
                        .with("searchSteps", 3)
                        .with("learningRate", 0.1)
                        .with("initialConstant", 1),
                AttackRun.of(new Ead())
                        .with("steps", 30)
                        .with("searchSteps", 3)
                        .with("initialConstant", 1));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void doNotMatter(AttackRun<?> run) {
        try (Networks networks = new Networks()) {
            Classifier unit = networks.trigonometric();
            NDArray images =
                    new SampleRandom(3, 0, 1, 2, 3)
                            .uniform(networks.manager(), new Shape(1, 2, 2), 0.1, 0.9);
            Criterion criterion = Criterion.misclassification(unit.predict(images).argMax(1));
            NDArray expected = run.raw(unit, images, criterion).images();
            StretchedPixels stretched = new StretchedPixels(unit, BOUNDS);
            NDArray actual = run.raw(stretched, stretched.stretched(images), criterion).images();
            assertArrayEquals(
                    expected.toFloatArray(),
                    actual.sub(BOUNDS.min()).div(BOUNDS.range()).toFloatArray(),
                    1e-3f);
        }
    }
}
