// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.djl.Autograd;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.DistortedLogits;
import org.deepdefense.testkit.Networks;
import org.deepdefense.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The perturbation that Deep Defense differentiates, where numbers are at their limits. */
class DifferentiableDeepFoolTest {

    private static final Shape IMAGE = new Shape(1, 4, 4);

    private final Networks networks = new Networks();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 0.001", "-1e6, 0.1", "1e6, 0.1"})
    void crossesABoundaryThatRunsThroughTheImage(double offset, double longest) {
        Classifier classifier = new DistortedLogits(even(0), 1, offset, OptionalDouble.empty());
        NDArray images = networks.manager().full(new Shape(2, 1, 4, 4), 0.5f);
        NDArray perturbation = perturbation(classifier, images);
        float[] norms = Norm.L2.of(perturbation).toFloatArray();
        for (float norm : norms) {
            assertTrue(norm > 0 && norm <= longest, "norm " + norm);
        }
        NDArray fooled = classifier.predict(images.add(perturbation)).argMax(1);
        assertArrayEquals(new long[] {1, 1}, fooled.toLongArray());
    }

    @ParameterizedTest
    @CsvSource({"1e10, -Infinity", "1e30, -3.4028234663852886e38", "1e-10, -Infinity"})
    void doesNotCareForTheScaleOfLogitsAndLeavesMaskedClassesOut(double factor, double mask) {
        Classifier plain = even(0.5f);
        Classifier distorted = new DistortedLogits(plain, factor, 0, OptionalDouble.of(mask));
        NDArray images = networks.manager().full(new Shape(2, 1, 4, 4), 0.5f);
        assertArrayEquals(
                perturbation(plain, images).toFloatArray(),
                perturbation(distorted, images).toFloatArray(),
                1e-5f);
    }

    @Test
    void aStepFromTheBoundaryHasADerivative() {
        Classifier classifier = even(0);
        NDArray images = networks.manager().full(new Shape(1, 1, 4, 4), 0.5f);
        float[] derivative =
                Autograd.recording(
                        true,
                        () -> {
                            NDArray x = images.duplicate();
                            x.setRequiresGradient(true);
                            NDArray delta = attack(classifier, x);
                            NDArray distance = delta.sum();
                            return classifier
                                    .gradient(distance, x, distance.onesLike(), false)
                                    .toFloatArray();
                        });
        // Along the normal the step becomes as much longer as the image is farther.
        float[] expected = new float[16];
        Arrays.fill(expected, -1.02f);
        assertArrayEquals(expected, derivative, 1e-4f);
    }

    /** Two of four classes, of which the first leads by so much where pixels are 0.5. */
    private Classifier even(float lead) {
        float[][] weights = new float[4][16];
        Arrays.fill(weights[0], 0.25f);
        Arrays.fill(weights[1], -0.25f);
        return networks.linear(IMAGE, weights, -2 + lead, 2, -1, -2);
    }

    private static NDArray perturbation(Classifier classifier, NDArray images) {
        return Autograd.recording(
                true,
                () -> {
                    NDArray x = images.duplicate();
                    x.setRequiresGradient(true);
                    return attack(classifier, x).stopGradient();
                });
    }

    private static NDArray attack(Classifier classifier, NDArray x) {
        NDArray logits = classifier.logits(x);
        Criterion goal = Criterion.misclassification(logits.stopGradient().argMax(1));
        DeepFoolParameters parameters = AttackRun.of(new DeepFool()).parameters();
        return new DeepFool()
                .perturbation(
                        classifier,
                        x,
                        logits,
                        goal,
                        new TestContext<>(parameters, new SampleRandom(0, 0, 1)));
    }
}
