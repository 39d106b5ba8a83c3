// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an attack must find on networks whose boundaries are known, and the tasks of all contracts.
 */
abstract class BoundaryContract extends NumericContract {

    private final AttackRun<?> run;
    private Networks networks;

    BoundaryContract(AttackRun<?> run) {
        this.run = run;
    }

    /** Returns the attack with the parameters that it is tested with. */
    final AttackRun<?> run() {
        return run;
    }

    /**
     * Tells whether the attack finds what is there to be found on a linear network.
     *
     * @return true; a baseline of mere noise returns false
     */
    @Override
    protected boolean followsGradient() {
        return true;
    }

    /**
     * Returns how much of the distance to the boundary of a linear network the attack is granted: a
     * minimum-norm attack must stay below this multiple, a fixed-budget attack is given it.
     *
     * @return 1.25; an attack that has to guess directions may return more
     */
    protected double slack() {
        return 1.25;
    }

    /**
     * Tells whether the attack can be told a class to reach.
     *
     * @return true, unless its paper has no such mode
     */
    protected boolean hasTargetedMode() {
        return true;
    }

    @Override
    final Networks networks() {
        return networks;
    }

    @BeforeEach
    final void open() {
        networks = new Networks();
    }

    @AfterEach
    final void close() {
        networks.close();
    }

    @Test
    void increasesTheLossThatItIsGiven() {
        Assumptions.assumeTrue(
                isBudget() && followsGradient() && run.attack().access() == Access.GRADIENTS,
                "Skipped: the attack does not increase a loss by gradients");
        Task task = twoClass(new Shape(1, 4, 6), 3, 0.03);
        Criterion usual = task.criterion();
        Criterion opposite = usual.withLoss(new OppositeLoss(usual.loss()));
        NDArray result = sized(0.05).onEveryRow(task.classifier, task.images, opposite);
        NDArray before = usual.loss(task.classifier.predict(task.images));
        NDArray after = usual.loss(task.classifier.predict(result));
        assertEquals(3, after.lt(before).countNonzero().getLong(), after + " after " + before);
    }

    @ParameterizedTest(name = "{0}×{1}×{2}, batch {3}")
    @CsvSource({"1,1,8,1", "1,1,8,3", "1,4,6,3", "1,4,6,8", "5,7,7,1", "5,7,7,8"})
    void reachesTheBoundaryOfTheTwoClassFamily(int channels, int height, int width, int batch) {
        Assumptions.assumeTrue(followsGradient(), "Skipped: the attack is a baseline of noise");
        Shape shape = new Shape(channels, height, width);
        for (double spread : new double[] {0, 0.03}) {
            Task task = twoClass(shape, batch, spread);
            assertReachesBoundary(task, task.criterion());
        }
    }

    @Test
    void reachesATarget() {
        Assumptions.assumeTrue(followsGradient(), "Skipped: the attack is a baseline of noise");
        Assumptions.assumeTrue(hasTargetedMode(), "Skipped: the attack has no targeted mode");
        Task task = twoClass(new Shape(1, 4, 6), 3, 0.03);
        NDArray other = task.labels.zerosLike();
        assertReachesBoundary(task, Criterion.targeted(other));
    }

    private void assertReachesBoundary(Task task, Criterion criterion) {
        assertReachesBoundary(task.classifier, task.images, criterion);
    }

    @Override
    final void assertReachesBoundary(Classifier classifier, NDArray images, Criterion criterion) {
        double[] distance = distances(images);
        double farthest = Arrays.stream(distance).max().orElseThrow();
        AttackRun<?> sized = sized(slack() * farthest);
        AttackOutcome outcome = sized.on(classifier, images, criterion);
        assertEquals(distance.length, outcome.success().countNonzero().getLong(), "all succeed");
        float[] norms = norm().of(outcome.adversarials().sub(images)).toFloatArray();
        for (int i = 0; i < distance.length; i++) {
            double limit = isBudget() ? 1.01 * slack() * farthest : slack() * distance[i];
            assertTrue(norms[i] <= limit, "sample " + i + ": " + norms[i] + " > " + limit);
            assertTrue(
                    norms[i] >= 0.9999 * distance[i],
                    "sample " + i + ": " + norms[i] + " is less than " + distance[i]);
        }
    }

    /** Returns how far it is to the boundary of the two-class family, a mean of 0.5. */
    private double[] distances(NDArray images) {
        int samples = Math.toIntExact(images.getShape().get(0));
        double[] result = new double[samples];
        for (int i = 0; i < samples; i++) {
            float[] pixels = images.get(i).toFloatArray();
            double sum = IntStream.range(0, pixels.length).mapToDouble(k -> pixels[k]).sum();
            double excess = sum - 0.5 * pixels.length;
            result[i] =
                    switch (norm()) {
                        case L0 -> pixelsWorth(excess, pixels);
                        case L1 -> excess;
                        case L2 -> excess / Math.sqrt(pixels.length);
                        case LINF -> excess / pixels.length;
                    };
        }
        return result;
    }

    /** Returns how many pixels have to become black to take a sum away. */
    private static int pixelsWorth(double sum, float... pixels) {
        Arrays.sort(pixels);
        double taken = 0;
        int count = 0;
        while (taken < sum) {
            count++;
            taken += pixels[pixels.length - count];
        }
        return count;
    }

    /** Images, the labels that the network gives them, and the network. */
    record Task(BlockClassifier classifier, NDArray images, NDArray labels) {

        Criterion criterion() {
            return Criterion.misclassification(labels);
        }
    }

    Task trigonometric(int batch, double low, double high) {
        BlockClassifier classifier = networks.trigonometric();
        NDArray images = images(classifier.inputShape(), batch, low, high);
        return new Task(classifier, images, Networks.predictions(classifier, images));
    }

    Task twoClass(Shape shape, int batch, double spread) {
        BlockClassifier classifier = networks.twoClass(shape);
        SampleRandom random = new SampleRandom(5, samples(batch));
        NDArray images = random.normal(networks.manager(), shape).mul(spread).add(0.75f);
        return new Task(classifier, images, Networks.predictions(classifier, images));
    }

    NDArray images(Shape shape, int batch, double low, double high) {
        return new SampleRandom(3, samples(batch)).uniform(networks.manager(), shape, low, high);
    }

    static long[] samples(int batch) {
        return IntStream.range(0, batch).asLongStream().toArray();
    }

    @Override
    final AttackRun<?> sized(double epsilon) {
        return isBudget() ? run.with("epsilon", epsilon) : run;
    }

    double requireBudget(double epsilon) {
        Assumptions.assumeTrue(isBudget(), "Skipped: the attack has no budget");
        return epsilon;
    }

    boolean isBudget() {
        return run.attack() instanceof FixedBudgetAttack;
    }

    @Override
    final Norm norm() {
        if (run.attack() instanceof FixedBudgetAttack<?> budget) {
            return budget.norm();
        }
        return run.attack() instanceof MinimumNormAttack<?> minimum ? minimum.norm() : Norm.L2;
    }
}
