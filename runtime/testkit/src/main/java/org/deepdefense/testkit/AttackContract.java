// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every attack must hold to. The test class of an attack extends it:
 *
 * <pre>{@code
 * class MyAttackTest extends AttackContract {
 *     MyAttackTest() {
 *         super(AttackRun.of(new MyAttack()));
 *     }
 * }
 * }</pre>
 */
@Tag("slow")
public abstract class AttackContract extends BoundaryContract {

    private static final float FLOAT_ORDER = 1e-4f;

    /**
     * Tests an attack.
     *
     * @param run the attack and its parameters; the contract varies {@code epsilon} and {@code
     *     steps} or {@code iterations}, where there are such
     */
    protected AttackContract(AttackRun<?> run) {
        super(run);
    }

    @Test
    void isOfOneKindAndDeclaresItsParameters() {
        Attack<?> attack = run().attack();
        assertFalse(
                attack instanceof FixedBudgetAttack && attack instanceof MinimumNormAttack,
                "implements one of FixedBudgetAttack and MinimumNormAttack");
        assertTrue(attack.parameters().isAnnotation(), "its parameters are an annotation type");
        for (Method parameter : attack.parameters().getDeclaredMethods()) {
            assertNotNull(parameter.getDefaultValue(), parameter.getName() + " has a default");
        }
        if (attack instanceof FixedBudgetAttack<?>) {
            assertEquals(0.125, run().with("epsilon", 0.125).epsilon());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.6})
    void staysInsideBoundsAndBudget(double epsilon) {
        AttackRun<?> sized = sized(epsilon);
        Task task = trigonometric(16, 0, 1);
        NDArray result = sized.raw(task.classifier(), task.images(), task.criterion()).images();
        boolean bounded = isBounded(sized);
        assertAll(
                () -> assertEquals(task.images().getShape(), result.getShape()),
                () -> assertTrue(!bounded || result.min().getFloat() >= -1e-6f, "pixel below 0"),
                () -> assertTrue(!bounded || result.max().getFloat() <= 1 + 1e-6f, "pixel above 1"),
                () -> assertTrue(largestNorm(result, task.images()) <= budget(sized) * 1.0001));
    }

    @Test
    void reportsTheSuccessThatTheNetworkConfirms() {
        Task task = trigonometric(16, 0, 1);
        AttackOutcome outcome = run().on(task.classifier(), task.images(), task.criterion());
        NDArray fooled =
                Networks.predictions(task.classifier(), outcome.adversarials()).neq(task.labels());
        assertArrayEquals(fooled.toBooleanArray(), outcome.success().toBooleanArray());
    }

    @Test
    void attacksASampleAloneAsInABatch() {
        Task task = trigonometric(8, 0.1, 0.9);
        NDArray batch = run().on(task.classifier(), task.images(), task.criterion()).adversarials();
        for (int i = 0; i < 8; i++) {
            NDIndex one = new NDIndex(i + ":" + (i + 1));
            Criterion criterion = Criterion.misclassification(task.labels().get(one));
            NDArray alone =
                    run().on(task.classifier(), task.images().get(one), criterion, i)
                            .adversarials();
            assertArrayEquals(
                    batch.get(one).toFloatArray(),
                    alone.toFloatArray(),
                    FLOAT_ORDER,
                    "sample " + i);
        }
    }

    @Test
    void repeatsItselfWithTheSameSeed() {
        Task task = trigonometric(8, 0.1, 0.9);
        assertArrayEquals(
                attackedPixels(run().withSeed(7), task),
                attackedPixels(run().withSeed(7), task),
                0f);
    }

    @Test
    void servesSeveralThreadsAtOnce() {
        Task task = trigonometric(8, 0.1, 0.9);
        float[] expected = attackedPixels(run(), task);
        List<float[]> results =
                IntStream.range(0, 4)
                        .parallel()
                        .mapToObj(i -> attackedPixels(run(), task))
                        .toList();
        results.forEach(result -> assertArrayEquals(expected, result, 0f));
    }

    @Test
    void changesNeitherImagesNorParametersNorTheirGradients() {
        Task task = trigonometric(8, 0, 1);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(task.classifier().logits(task.images()).square().sum());
        }
        List<float[]> before = state(task);
        assertTrue(networks().parameters().get(0).getGradient().abs().max().getFloat() > 0);
        run().on(task.classifier(), task.images(), task.criterion());
        List<float[]> after = state(task);
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i), 0f);
        }
        assertFalse(task.images().hasGradient());
    }

    @Test
    void leavesNoArraysBehind() {
        Task task = trigonometric(4, 0, 1);
        attackedPixels(run(), task);
        int before = living();
        attackedPixels(run(), task);
        assertEquals(before, living(), "arrays outside the manager of the images");
    }

    @Test
    void releasesTheArraysOfEachStep() {
        String steps = run().has("iterations") ? "iterations" : "steps";
        Assumptions.assumeTrue(run().has(steps), "Skipped: the attack has no steps");
        Task task = trigonometric(4, 0.3, 0.7);
        assertEquals(
                arraysLeftBy(run().with(steps, 2), task), arraysLeftBy(run().with(steps, 9), task));
    }

    @Test
    void paysNothingForMisclassifiedSamples() {
        Task task = trigonometric(6, 0, 1);
        NDArray wrong = task.labels().add(1).mod(3);
        Classifier.Calls before = task.classifier().calls();
        AttackOutcome outcome =
                run().on(task.classifier(), task.images(), Criterion.misclassification(wrong));
        assertEquals(new Classifier.Calls(6, 0), task.classifier().calls().since(before));
        assertEquals(task.images(), outcome.adversarials());
        assertEquals(6, outcome.success().countNonzero().getLong());
        assertEquals(0, outcome.attacked().countNonzero().getLong());
    }

    @Test
    void leavesMisclassifiedSamplesOfAMixedBatchAlone() {
        Task task = trigonometric(6, 0.1, 0.9);
        NDArray labels = task.labels().duplicate();
        labels.set(new NDIndex("::2"), task.labels().add(1).mod(3).get("::2"));
        AttackOutcome mixed =
                run().on(task.classifier(), task.images(), Criterion.misclassification(labels));
        AttackOutcome pure = run().on(task.classifier(), task.images(), task.criterion());
        assertArrayEquals(
                task.images().get("::2").toFloatArray(),
                mixed.adversarials().get("::2").toFloatArray(),
                0f);
        assertArrayEquals(
                pure.adversarials().get("1::2").toFloatArray(),
                mixed.adversarials().get("1::2").toFloatArray(),
                FLOAT_ORDER);
    }

    @Test
    void changesNothingWithoutABudget() {
        AttackRun<?> none = sized(requireBudget(0));
        Task task = trigonometric(8, 0, 1);
        assertEquals(
                task.images(),
                none.raw(task.classifier(), task.images(), task.criterion()).images());
    }

    @Test
    void refusesANegativeBudget() {
        AttackRun<?> negative = sized(requireBudget(-0.1));
        Task task = trigonometric(1, 0, 1);
        DeepDefenseException error =
                assertThrows(
                        DeepDefenseException.class,
                        () -> negative.on(task.classifier(), task.images(), task.criterion()));
        assertTrue(error.getMessage().contains("-0.1"), error.getMessage());
    }

    @Test
    void endsWhenItsJobIsCancelled() {
        Task task = twoClass(new Shape(1, 4, 6), 3, 0.03);
        AttackRun<?> weak = sized(0.001);
        assertThrows(
                CancellationException.class,
                () -> weak.cancelled(task.classifier(), task.images(), task.criterion()));
    }

    @Test
    void reportsFailureWhereTheNetworkIsFlat() {
        Classifier flat = networks().linear(new Shape(1, 2, 2), new float[3][4], 0, 1, 0);
        NDArray images = images(new Shape(1, 2, 2), 3, 0.2, 0.8);
        NDArray labels = images.getManager().create(new long[] {1, 1, 1});
        AttackOutcome outcome = run().on(flat, images, Criterion.misclassification(labels));
        assertEquals(0, outcome.success().countNonzero().getLong());
        assertTrue(Float.isFinite(outcome.adversarials().sum().getFloat()));
    }

    @Test
    void warnsOfZeroGradients() {
        Assumptions.assumeTrue(
                run().attack().access() == Access.GRADIENTS,
                "Skipped: the attack has no gradients");
        Classifier flat = networks().linear(new Shape(1, 2, 2), new float[3][4], 0, 1, 0);
        NDArray images = images(new Shape(1, 2, 2), 3, 0.2, 0.8);
        NDArray labels = images.getManager().create(new long[] {1, 1, 1});
        List<String> warnings =
                run().raw(flat, images, Criterion.misclassification(labels)).context().warnings();
        assertTrue(
                warnings.stream().anyMatch(warning -> warning.contains("gradients")),
                "warned of " + warnings);
    }

    @Test
    void callsNothingRobustWhereGradientsAreNotFinite() {
        Assumptions.assumeTrue(
                run().attack().access() == Access.GRADIENTS,
                "Skipped: the attack has no gradients");
        float[][] weights = {{-1, -1, -1, -1}, {1, 1, 1, 1}, {0, 0, 0, 0}};
        Shape shape = new Shape(1, 2, 2);
        Classifier dark = networks().withoutGradientsInTheDark(shape, weights, 0.01f, 0, -1);
        NDArray images = images(shape, 5, 0.1, 0.3);
        NDArray labels = networks().manager().zeros(new Shape(5), DataType.INT64);
        AttackOutcome outcome = sized(0.01).on(dark, images, Criterion.misclassification(labels));
        assertEquals(5, outcome.attacked().countNonzero().getLong());
        NDArray robust = outcome.success().logicalNot().logicalAnd(outcome.finiteGradients());
        assertEquals(0, robust.countNonzero().getLong(), "called robust");
    }

    private static float[] attackedPixels(AttackRun<?> run, Task task) {
        try (NDManager batch = NDManager.newBaseManager()) {
            NDArray images = task.images().duplicate();
            NDArray labels = task.labels().duplicate();
            batch.attachAll(images, labels);
            Criterion criterion = Criterion.misclassification(labels);
            batch.attachAll(criterion.targeted());
            return run.on(task.classifier(), images, criterion).adversarials().toFloatArray();
        }
    }

    private static int arraysLeftBy(AttackRun<?> run, Task task) {
        try (NDManager batch = NDManager.newBaseManager()) {
            NDArray images = task.images().duplicate();
            images.attach(batch);
            run.raw(task.classifier(), images, task.criterion());
            return batch.getManagedArrays().size();
        }
    }

    /** Counts the arrays of all managers of this JVM. */
    private int living() {
        return networks().manager().getParentManager().getManagedArrays().size();
    }

    private List<float[]> state(Task task) {
        NDList all = new NDList(task.images());
        for (NDArray parameter : networks().parameters()) {
            all.add(parameter);
            all.add(parameter.getGradient());
        }
        return all.stream().map(NDArray::toFloatArray).toList();
    }

    private static <P> boolean isBounded(AttackRun<P> run) {
        return run.attack().isBounded(run.parameters());
    }

    private double budget(AttackRun<?> sized) {
        return isBudget() ? sized.epsilon() : Double.POSITIVE_INFINITY;
    }

    private double largestNorm(NDArray result, NDArray images) {
        return norm().of(result.sub(images)).max().getFloat();
    }
}
