// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.gradient.Pgd;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.defense.internal.DefenseRun;
import org.deepdefense.defense.internal.loss.Losses;
import org.deepdefense.defense.internal.loss.Reference;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The losses of adversarial training, written out once more in double precision. */
@SuppressWarnings("try") // weights are changed while a resource is open
class RobustTrainingTest {

    private static final int ROWS = 6;
    private static final AttackRun<?> PGD =
            AttackRun.of(new Pgd())
                    .with("epsilon", 0.15)
                    .with("steps", 8)
                    .with("relativeStepSize", 0.25)
                    .with("earlyStop", false);

    private Networks networks;
    private BlockClassifier classifier;
    private NDArray images;
    private NDArray labels;
    private Shard batch;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier = networks.trigonometric();
        images =
                new SampleRandom(3, 0, 1, 2, 3, 4, 5)
                        .uniform(networks.manager(), new Shape(1, 2, 2), 0.1, 0.9);
        labels = Networks.predictions(classifier, images);
        labels.set(new long[] {0, 1, 2, 1, 0, 2});
        batch = new Shard(images, labels, 0, ROWS);
    }

    @AfterEach
    void close() {
        networks.close();
    }

    private Criterion fromLabels() {
        return Criterion.misclassification(labels);
    }

    private double[][] probabilities(NDArray of) {
        float[] logits = classifier.predict(of).toFloatArray();
        double[][] result = new double[ROWS][3];
        for (int i = 0; i < ROWS; i++) {
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                result[i][k] = Math.exp(logits[3 * i + k]);
                sum += result[i][k];
            }
            for (int k = 0; k < 3; k++) {
                result[i][k] /= sum;
            }
        }
        return result;
    }

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            sum += p[k] * Math.log(p[k] / q[k]);
        }
        return sum;
    }

    private static double meanDivergence(double[][] p, double[][] q) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += divergence(p[i], q[i]);
        }
        return sum / ROWS;
    }

    @Test
    void pgdAndFastTrainingAreTheCrossEntropyOfWorstCases() {
        AttackRun<?> single =
                AttackRun.of(new Pgd()).with("steps", 1).with("relativeStepSize", 1.25);
        for (AttackRun<?> attack : List.of(PGD, single)) {
            NDArray attacked = attack.onEveryRow(classifier, images, fromLabels());
            float expected =
                    Losses.crossEntropy(classifier.predict(attacked), labels).mean().getFloat();
            for (Defense<?> defense : List.of(new PgdTraining(), new FastTraining())) {
                DefenseRun<?> run = new DefenseRun<>(defense, Map.of(), classifier, attack);
                assertEquals(expected, run.loss(images, labels).getFloat(), 1e-6);
                assertEquals(expected, run.metrics().get("adversarial-loss"), 1e-6);
            }
        }
    }

    @Test
    void tradesIsItsFormulaAtTheLargestDivergence() {
        Criterion farthest =
                fromLabels()
                        .withLoss(LogitLosses.divergence(classifier.predict(images).softmax(1)));
        double[][] p = probabilities(images);
        double[][] q = probabilities(PGD.onEveryRow(classifier, images, farthest));
        double climbed = meanDivergence(p, q);
        double expected = 2.5 * climbed;
        for (int i = 0; i < ROWS; i++) {
            expected -= Math.log(p[i][(int) labels.getLong(i)]) / ROWS;
        }
        DefenseRun<?> run = new DefenseRun<>(new Trades(), Map.of("beta", 2.5), classifier, PGD);
        assertEquals(expected, run.loss(images, labels).getFloat(), 1e-5);
        assertEquals(climbed, run.metrics().get("divergence"), 1e-6);
        AttackRun<?> start = PGD.with("steps", 1).with("relativeStepSize", 0);
        double before =
                meanDivergence(
                        p, probabilities(start.onEveryRow(classifier, images, fromLabels())));
        assertTrue(climbed > 2 * before, climbed + " from " + before);
    }

    @Test
    void martIsItsFormula() {
        double[][] p = probabilities(images);
        double[][] q = probabilities(PGD.onEveryRow(classifier, images, fromLabels()));
        double expected = 0;
        for (int i = 0; i < ROWS; i++) {
            int label = (int) labels.getLong(i);
            double rival = Math.max(q[i][(label + 1) % 3], q[i][(label + 2) % 3]);
            expected -= Math.log(q[i][label]) + Math.log(1 - rival);
            expected += 3 * divergence(p[i], q[i]) * (1 - p[i][label]);
        }
        DefenseRun<?> run = new DefenseRun<>(new Mart(), Map.of("lambda", 3), classifier, PGD);
        assertEquals(expected / ROWS, run.loss(images, labels).getFloat(), 1e-5);
    }

    @Test
    void lossesStayFiniteWhereTheNetworkIsSureOrMasksClasses() {
        float[][] values = {{200, -100, 0}, {3, Float.NEGATIVE_INFINITY, 1}, {0, 0, 90}};
        NDArray logits = networks.manager().create(values);
        NDArray classes = networks.manager().create(new long[] {0, 2, 1});
        // 1 − p₀ = e⁻²⁰⁰ is 0 in float32, its logarithm is not; log(1 − p₂) = −log(1 + e⁻²).
        assertArrayEquals(
                new float[] {-200, (float) -Math.log1p(Math.exp(-2)), 0},
                Losses.logOfOthers(logits, classes).toFloatArray(),
                1e-4f);
        assertArrayEquals(new float[3], Losses.divergence(logits, logits).toFloatArray(), 1e-6f);
    }

    static Stream<Defense<?>> defenses() {
        return Stream.of(new PgdTraining(), new Trades(), new Mart(), new AdversarialTraining());
    }

    @ParameterizedTest
    @MethodSource("defenses")
    void gradientsAreDifferenceQuotientsOfTheLossAtTheSameImages(Defense<?> defense) {
        NDList weights = trainable();
        DefenseRun<?> run = new DefenseRun<>(defense, Map.of(), classifier, PGD);
        Supplier<NDArray> loss = run.objective().prepare(batch);
        NDList gradients;
        try (Autograd autograd = new Autograd()) {
            gradients = Autograd.recording(true, () -> autograd.gradients(loss.get(), weights));
        }
        double largest =
                gradients.stream().mapToDouble(g -> g.abs().max().getFloat()).max().orElseThrow();
        for (int i = 0; i < weights.size(); i++) {
            NDArray weight = weights.get(i);
            float[] values = weight.toFloatArray();
            float[] exact = gradients.get(i).toFloatArray();
            for (int j = 0; j < values.length; j += 3) {
                double step = 2e-3;
                double quotient =
                        (at(loss, weight, values, j, step) - at(loss, weight, values, j, -step))
                                / (2 * step);
                assertEquals(quotient, exact[j], 5e-3 * largest, "weight " + i + ", " + j);
            }
        }
    }

    private static double at(
            Supplier<NDArray> loss, NDArray weight, float[] values, int j, double step) {
        float[] changed = values.clone();
        changed[j] += (float) step;
        return Autograd.recording(
                false,
                () -> {
                    weight.set(changed);
                    double value = loss.get().getFloat();
                    weight.set(values);
                    return value;
                });
    }

    private NDList trainable() {
        NDList weights = new NDList(networks.parameters());
        weights.forEach(weight -> weight.setRequiresGradient(true));
        return weights;
    }

    private DefenseRun<?> plain() {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        NDList arrays = trainable();
        for (int i = 0; i < arrays.size(); i++) {
            weights.put("weight" + i, arrays.get(i));
        }
        return new DefenseRun<>(new Reference(), Map.of(), classifier, PGD, weights);
    }

    @Test
    void weightPerturbationClimbsAsFarAsItMayAndComesBack() {
        DefenseRun<?> inner = plain();
        DefenseRun<?> run = inner.modified(new WeightPerturbation(), Map.of("gamma", 0.02));
        Map<String, NDArray> weights = inner.weights().arrays();
        Map<String, NDArray> before = new LinkedHashMap<>();
        weights.forEach((name, weight) -> before.put(name, weight.stopGradient().duplicate()));
        Supplier<NDArray> loss = run.objective().prepare(batch);
        Map<String, NDArray> gradients = inner.weights().gradients(loss);
        float clean = loss.get().getFloat();
        try (WeightChange change = run.objective().perturb(List.of(loss))) {
            assertTrue(loss.get().getFloat() > clean * 1.005, "the loss does not rise");
            weights.forEach(
                    (name, weight) ->
                            assertMoved(
                                    before.get(name),
                                    weight.stopGradient(),
                                    gradients.get(name),
                                    name));
        }
        weights.forEach(
                (name, weight) ->
                        assertArrayEquals(
                                before.get(name).toFloatArray(), weight.toFloatArray(), 0f));
        assertEquals(clean, loss.get().getFloat());
    }

    /** A matrix moves along its gradient by a fiftieth of its size, a vector not at all. */
    private static void assertMoved(NDArray from, NDArray to, NDArray slope, String name) {
        NDArray move = to.sub(from);
        float size = from.norm().getFloat();
        if (from.getShape().dimension() < 2) {
            assertEquals(0, move.norm().getFloat(), name);
            return;
        }
        float length = move.norm().getFloat();
        assertEquals(0.02 * size, length, 1e-5 * size, name);
        float cosine = move.mul(slope).sum().getFloat() / (length * slope.norm().getFloat());
        assertEquals(1, cosine, 1e-4, name);
    }

    @Test
    void weightPerturbationOfShardsIsThatOfTheBatch() {
        DefenseRun<?> run = plain().modified(new WeightPerturbation(), Map.of());
        Supplier<NDArray> whole = run.objective().prepare(batch);
        List<Supplier<NDArray>> parts =
                List.of(run.objective().prepare(rows(0, 2)), run.objective().prepare(rows(2, 6)));
        float expected;
        try (WeightChange change = run.objective().perturb(List.of(whole))) {
            expected = whole.get().getFloat();
        }
        try (WeightChange change = run.objective().perturb(parts)) {
            assertEquals(expected, whole.get().getFloat(), 1e-6);
        }
    }

    private Shard rows(int from, int to) {
        String range = from + ":" + to;
        return new Shard(images.get(range), labels.get(range), from, ROWS);
    }

    @Test
    void weightPerturbationWaitsForTheEndOfTheWarmUp() {
        DefenseRun<?> run = plain().modified(new WeightPerturbation(), Map.of("warmup", 1));
        Supplier<NDArray> loss = run.objective().prepare(batch);
        float before = loss.get().getFloat();
        try (WeightChange change = run.objective().perturb(List.of(loss))) {
            assertEquals(before, loss.get().getFloat());
        }
    }
}
