// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.baseline.GaussianNoise;
import org.deepdefense.attacks.internal.baseline.UniformNoise;
import org.deepdefense.attacks.internal.gradient.Bim;
import org.deepdefense.attacks.internal.gradient.Fgsm;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.attacks.internal.gradient.PgdL2;
import org.deepdefense.attacks.internal.minimum.Alma;
import org.deepdefense.attacks.internal.minimum.CarliniWagner;
import org.deepdefense.attacks.internal.minimum.Ddn;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.attacks.internal.minimum.Ead;
import org.deepdefense.attacks.internal.minimum.Fmn;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on networks for which the answer can be computed by hand. */
class ExactAnswersTest {

    private static final Shape IMAGE = new Shape(1, 2, 3);
    private static final float[] SLOPE = {0.5f, -1, 0.25f, 0, 2, -0.125f};

    private Networks networks;

    @BeforeEach
    void open() {
        networks = new Networks();
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.3})
    void signAttacksOnALinearNetworkGoTheWholeWayInEveryPixel(double epsilon) {
        BlockClassifier classifier = twoPlanes();
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 3), 0.5f);
        NDArray sign = networks.manager().create(SLOPE, new Shape(1, 1, 2, 3)).sign();
        NDArray expected = images.sub(sign.mul(epsilon));
        AttackRun<?> bim = AttackRun.of(new Bim()).with("earlyStop", false);
        AttackRun<?> pgd =
                AttackRun.of(new Pgd()).with("randomStart", false).with("earlyStop", false);
        for (AttackRun<?> run : List.of(AttackRun.of(new Fgsm()), bim, pgd)) {
            NDArray result = attack(run.with("epsilon", epsilon), classifier, images);
            assertArrayEquals(
                    expected.toFloatArray(), result.toFloatArray(), 1e-6f, run.toString());
        }
    }

    @Test
    void pgdInTheEuclideanNormFollowsTheGradientOfALinearNetwork() {
        BlockClassifier classifier = twoPlanes();
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 3), 0.5f);
        NDArray slope = networks.manager().create(SLOPE, new Shape(1, 1, 2, 3));
        NDArray expected = images.sub(slope.div(slope.norm()).mul(0.3));
        AttackRun<?> run =
                AttackRun.of(new PgdL2())
                        .with("epsilon", 0.3)
                        .with("steps", 200)
                        .with("earlyStop", false);
        NDArray result = attack(run, classifier, images);
        assertArrayEquals(expected.toFloatArray(), result.toFloatArray(), 1e-3f);
    }

    @Test
    void pgdThatCannotReachTheBallDoesNot() {
        BlockClassifier classifier = twoPlanes();
        NDArray images = networks.manager().full(new Shape(1, 1, 2, 3), 0.5f);
        AttackRun<?> run =
                AttackRun.of(new Pgd())
                        .with("epsilon", 0.2)
                        .with("randomStart", false)
                        .with("steps", 3)
                        .with("relativeStepSize", 0.1)
                        .with("earlyStop", false);
        NDArray result = attack(run, classifier, images);
        assertEquals(0.06f, Norm.LINF.of(result.sub(images)).getFloat(0), 1e-6f);
    }

    /** Logits ±slope·(x − 0.5) and a margin in favour of class 1. */
    private BlockClassifier twoPlanes() {
        float[] opposite = new float[SLOPE.length];
        float offset = 0;
        for (int i = 0; i < SLOPE.length; i++) {
            opposite[i] = -SLOPE[i];
            offset += SLOPE[i] / 2;
        }
        return networks.linear(IMAGE, new float[][] {opposite, SLOPE}, offset, 0.1f - offset);
    }

    private static NDArray attack(AttackRun<?> run, BlockClassifier classifier, NDArray images) {
        NDArray labels = Networks.predictions(classifier, images);
        return run.on(classifier, images, Criterion.misclassification(labels)).adversarials();
    }

    @Test
    void restartsAndRepeatsFindWhatOneAttemptMisses() {
        BlockClassifier classifier = networks.trigonometric();
        NDArray images =
                new SampleRandom(11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
                        .uniform(networks.manager(), new Shape(1, 2, 2), 0, 1);
        AttackRun<?> one = AttackRun.of(new UniformNoise()).with("epsilon", 0.3);
        Criterion criterion = Criterion.misclassification(Networks.predictions(classifier, images));
        boolean[] once =
                one.with("repeats", 1).on(classifier, images, criterion).success().toBooleanArray();
        boolean[] often =
                one.with("repeats", 30)
                        .on(classifier, images, criterion)
                        .success()
                        .toBooleanArray();
        int gained = 0;
        for (int i = 0; i < once.length; i++) {
            assertTrue(often[i] || !once[i], "sample " + i + " was lost");
            gained += often[i] && !once[i] ? 1 : 0;
        }
        assertTrue(gained > 0, "repeats gain something");
    }

    /** The first step of each of these attacks crosses the boundary. */
    @Test
    void theLastStepIsChecked() {
        BlockClassifier classifier = networks.twoClass(new Shape(1, 4, 6));
        NDArray images = networks.manager().full(new Shape(2, 1, 4, 6), 0.75f);
        for (AttackRun<?> run :
                List.of(
                        AttackRun.of(new Ddn()).with("initialNorm", 1.3),
                        AttackRun.of(new Fmn()).with("stepSize", 2),
                        AttackRun.of(new Alma()).with("initialDistance", 1.4),
                        AttackRun.of(new CarliniWagner())
                                .with("searchSteps", 1)
                                .with("learningRate", 0.6))) {
            NDArray result = attack(run.with("steps", 1), classifier, images);
            assertFalse(result.equals(images), run + " found nothing");
        }
    }

    @Test
    void elasticNetChecksTheStepsOfSamplesThatItAborts() {
        BlockClassifier classifier = networks.trigonometric();
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 2), 0.4f);
        Criterion criterion = Criterion.misclassification(Networks.predictions(classifier, images));
        Classifier.Calls before = classifier.calls();
        AttackRun.of(new Ead())
                .with("steps", 50)
                .with("initialConstant", 0.1)
                .raw(classifier, images, criterion);
        Classifier.Calls calls = classifier.calls().since(before);
        assertTrue(calls.backwards() < 2 * 9 * 50, calls + ": some are aborted");
        assertEquals(2 * calls.backwards(), calls.forwards());
    }

    @Test
    void gaussianNoiseHasTheLengthOfItsBudget() {
        BlockClassifier classifier = networks.twoClass(new Shape(1, 8, 8));
        NDArray images = networks.manager().full(new Shape(3, 1, 8, 8), 0.55f);
        AttackRun<?> run = AttackRun.of(new GaussianNoise()).with("epsilon", 0.5);
        float[] norms = Norm.L2.of(attack(run, classifier, images).sub(images)).toFloatArray();
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, norms, 1e-5f);
    }

    @Test
    void zeroGradientsAreReported() {
        BlockClassifier flat = networks.linear(IMAGE, new float[2][6], 0, 1);
        NDArray images = networks.manager().full(new Shape(2, 1, 2, 3), 0.5f);
        Criterion criterion = Criterion.misclassification(Networks.predictions(flat, images));
        for (Attack<?> attack : List.of(new Fgsm(), new Bim(), new Pgd(), new PgdL2())) {
            List<String> warnings =
                    AttackRun.of(attack).raw(flat, images, criterion).context().warnings();
            assertTrue(
                    warnings.stream().anyMatch(w -> w.contains("gradients")),
                    attack + " warned of " + warnings);
        }
        AttackRun<?> deepFool = AttackRun.of(new DeepFool());
        assertEquals(1, deepFool.raw(flat, images, criterion).context().warnings().size());
    }

    /** Distances to the boundaries of a linear network with several classes. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void deepFoolReachesALinearBoundaryInOneStep(int classes) {
        BlockClassifier classifier = randomPlanes(classes);
        NDArray images =
                new SampleRandom(1, 0, 1, 2, 3, 4).uniform(networks.manager(), IMAGE, 0.4, 0.6);
        NDArray labels = Networks.predictions(classifier, images);
        for (Norm norm : List.of(Norm.L2, Norm.LINF)) {
            Attack<?> attack = norm == Norm.L2 ? new DeepFool() : new DeepFoolLinf();
            AttackRun<?> run = AttackRun.of(attack).with("iterations", 1);
            AttackOutcome outcome = run.on(classifier, images, Criterion.misclassification(labels));
            assertEquals(5, outcome.success().countNonzero().getLong());
            float[] norms = norm.of(outcome.adversarials().sub(images)).toFloatArray();
            float[] logits = classifier.predict(images).toFloatArray();
            for (int i = 0; i < norms.length; i++) {
                double distance = distance(norm, logits, i, (int) labels.getLong(i), classes);
                assertEquals(1.02 * distance, norms[i], 2e-4 * distance, norm + ", sample " + i);
            }
        }
    }

    private BlockClassifier randomPlanes(int classes) {
        float[][] weights = new float[classes][];
        for (int k = 0; k < classes; k++) {
            weights[k] = new SampleRandom(2, k).normal(networks.manager(), IMAGE).toFloatArray();
        }
        return networks.linear(IMAGE, weights, new float[classes]);
    }

    private double distance(Norm norm, float[] logits, int sample, int label, int classes) {
        float[] weights = networks.parameters().get(0).toFloatArray();
        double nearest = Double.POSITIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            if (k != label) {
                double squares = 0;
                double sum = 0;
                for (int j = 0; j < 6; j++) {
                    double w = weights[k * 6 + j] - weights[label * 6 + j];
                    squares += w * w;
                    sum += Math.abs(w);
                }
                double margin = logits[sample * classes + label] - logits[sample * classes + k];
                double dual = norm == Norm.L2 ? Math.sqrt(squares) : sum;
                nearest = Math.min(nearest, margin / dual);
            }
        }
        return nearest;
    }

    /** Values computed in float64. */
    @Test
    void deepFoolOnTheTrigonometricNetwork() {
        BlockClassifier classifier = networks.trigonometric();
        NDArray images =
                networks.manager()
                        .create(
                                new float[] {
                                    .2f, .7f, .4f, .9f, .9f, .1f, .6f, .3f, .5f, .5f, .5f, .5f
                                },
                                new Shape(3, 1, 2, 2));
        assertArrayEquals(
                new double[] {.1910009624, .0929204704, .1986938753},
                deepFoolNorms(classifier, images, 1),
                2e-5);
        assertArrayEquals(
                new double[] {.3840731889, .0929204704, .1986938753},
                deepFoolNorms(classifier, images, 50),
                2e-5);
    }

    private static double[] deepFoolNorms(
            BlockClassifier classifier, NDArray images, int iterations) {
        AttackRun<?> run = AttackRun.of(new DeepFool()).with("iterations", iterations);
        NDArray norms = Norm.L2.of(attack(run, classifier, images).sub(images));
        return norms.toType(DataType.FLOAT64, false).toDoubleArray();
    }
}
