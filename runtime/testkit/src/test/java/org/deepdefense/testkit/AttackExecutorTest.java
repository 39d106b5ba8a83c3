// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the framework does with images, networks and attacks that are not what they should be. */
@Tag("slow")
class AttackExecutorTest {

    private static final Shape IMAGE = new Shape(1, 2, 2);
    private static final float[][] WEIGHTS = {
        {-.25f, -.25f, -.25f, -.25f}, {.25f, .25f, .25f, .25f}, {0, 0, 0, 0}
    };

    private Networks networks;
    private BlockClassifier classifier;
    private NDArray images;
    private Criterion fromPredictions;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier = networks.twoClass(IMAGE);
        images = networks.manager().ones(new Shape(2).addAll(IMAGE)).mul(0.75f);
        fromPredictions = Criterion.misclassification(Networks.predictions(classifier, images));
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void anAttackThatThrowsIsNamed() {
        String message =
                failure(
                        x -> {
                            throw new IllegalStateException("out of ideas");
                        });
        assertContains(message, "Scripted", "IllegalStateException", "out of ideas");
    }

    @Test
    void anAttackThatReturnsNothingIsNamed() {
        assertContains(failure(x -> null), "Scripted", "null");
    }

    @Test
    void anAttackThatReturnsNaNIsNamed() {
        assertContains(failure(x -> x.mul(Float.NaN)), "Scripted", "not finite");
    }

    @Test
    void anAttackThatLeavesTheBoundsIsNamed() {
        String message = failure(x -> x.add(0.3f));
        assertContains(message, "Scripted", "1.05", "[0.0, 1.0]");
    }

    @Test
    void anAttackThatLeavesItsBudgetIsNamed() {
        String message = failure(x -> x.sub(0.6f));
        assertContains(message, "Scripted", "0.6", "0.5", "L∞");
    }

    @ParameterizedTest
    @CsvSource({"8, 8/255", "1.01, 8/255", "-0.1, 0 or more", "NaN, 0 or more"})
    void aBudgetThatCannotBeMeantIsNamed(double budget, String remedy) {
        AttackRun<?> attack = AttackRun.of(new Scripted(x -> x)).with("epsilon", budget);
        DeepDefenseException refused =
                assertThrows(
                        DeepDefenseException.class,
                        () -> attack.on(classifier, images, fromPredictions));
        assertContains(refused.getMessage(), "Scripted", "epsilon=" + budget, remedy);
    }

    @Test
    void anAttackThatReturnsAnotherShapeOrTypeIsNamed() {
        assertContains(failure(x -> x.get("0:1")), "Scripted", "(1, 1, 2, 2)", "(2, 1, 2, 2)");
        assertContains(failure(x -> x.toType(DataType.FLOAT64, false)), "Scripted", "float64");
    }

    @Test
    void roundingErrorsAtTheBoundsAreClipped() {
        NDArray white = networks.manager().ones(new Shape(2).addAll(IMAGE));
        NDArray result =
                AttackRun.of(new Scripted(x -> x.add(5e-7f)))
                        .on(classifier, white, fromPredictions)
                        .adversarials();
        assertEquals(1f, result.max().getFloat());
    }

    @Test
    void successIsRecomputedWhateverTheAttackBelieves() {
        AttackOutcome failed =
                AttackRun.of(new Scripted(x -> x.duplicate()))
                        .on(classifier, images, fromPredictions);
        assertArrayEquals(new boolean[] {false, false}, failed.success().toBooleanArray());
        AttackOutcome succeeded =
                AttackRun.of(new Scripted(x -> x.sub(0.3f)))
                        .on(classifier, images, fromPredictions);
        assertArrayEquals(new boolean[] {true, true}, succeeded.success().toBooleanArray());
    }

    @Test
    void onlySamplesThatNeedItAreAttacked() {
        NDArray labels = networks.manager().create(new long[] {1, 0});
        int[] seen = {0};
        AttackOutcome outcome =
                AttackRun.of(
                                new Scripted(
                                        x -> {
                                            seen[0] += (int) x.getShape().get(0);
                                            return x.sub(0.3f);
                                        }))
                        .on(classifier, images, Criterion.misclassification(labels));
        assertEquals(1, seen[0]);
        assertArrayEquals(new boolean[] {true, false}, outcome.attacked().toBooleanArray());
        assertArrayEquals(new boolean[] {true, true}, outcome.success().toBooleanArray());
        assertEquals(images.get(1), outcome.adversarials().get(1));
        assertEquals(0.45f, outcome.adversarials().get(0).getFloat(0, 0, 0), 1e-6f);
    }

    @Test
    void aBatchThatNeedsNoAttackCostsOneForwardPass() {
        NDArray labels = networks.manager().create(new long[] {0, 0});
        Classifier.Calls before = classifier.calls();
        AttackOutcome outcome =
                AttackRun.of(
                                new Scripted(
                                        x -> {
                                            throw new IllegalStateException("not needed");
                                        }))
                        .on(classifier, images, Criterion.misclassification(labels));
        assertEquals(images, outcome.adversarials());
        assertEquals(new Classifier.Calls(2, 0), classifier.calls().since(before));
    }

    @Test
    void imagesOutsideTheBoundsAreAnErrorThatNamesBoth() {
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        AttackRun.of(new Scripted(x -> x))
                                                .on(classifier, images.mul(255), fromPredictions))
                        .getMessage();
        assertContains(message, "191.25", "[0.0, 1.0]");
    }

    @Test
    void imagesOfAnotherShapeAreAnErrorThatNamesBoth() {
        NDArray large = networks.manager().zeros(new Shape(2, 3, 4, 4));
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        AttackRun.of(new Scripted(x -> x))
                                                .on(classifier, large, fromPredictions))
                        .getMessage();
        assertContains(message, "(2, 3, 4, 4)", "(1, 2, 2)");
    }

    @Test
    void aNetworkWithDamagedWeightsIsAnError() {
        float[][] weights = new float[3][4];
        Arrays.fill(weights[1], Float.NaN);
        BlockClassifier damaged = networks.linear(IMAGE, weights, 0, 0, 0);
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        AttackRun.of(new Scripted(x -> x))
                                                .on(damaged, images, fromPredictions))
                        .getMessage();
        assertContains(message, "not finite", "weights");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NEGATIVE_INFINITY, -3.4e38f, -1e30f})
    void aClassThatIsRuledOutIsNeverChosenAndHurtsNoOther(float masked) {
        BlockClassifier plain = networks.linear(IMAGE, WEIGHTS, 0.5f, -0.5f, 0);
        BlockClassifier ruled = networks.linear(IMAGE, WEIGHTS, 0.5f, -0.5f, masked);
        AttackRun<?> attack = AttackRun.of(new Scripted(x -> x.sub(0.3f)));
        AttackOutcome expected = attack.on(plain, images, fromPredictions);
        AttackOutcome outcome = attack.on(ruled, images, fromPredictions);
        assertArrayEquals(expected.success().toBooleanArray(), outcome.success().toBooleanArray());
        assertEquals(expected.adversarials(), outcome.adversarials());
        NDArray loss = fromPredictions.loss(ruled.predict(images));
        assertTrue(Float.isFinite(loss.sum().getFloat()), loss + "");
    }

    @ParameterizedTest
    @CsvSource({"NaN, 0", "Infinity, 0", "-Infinity, -Infinity"})
    void logitsThatRankNothingAreAnError(float first, float others) {
        BlockClassifier damaged = networks.linear(IMAGE, new float[3][4], first, others, others);
        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () ->
                                        AttackRun.of(new Scripted(x -> x))
                                                .on(damaged, images, fromPredictions))
                        .getMessage();
        assertContains(message, "not finite", "weights");
    }

    @Test
    void anAttackOnScoresSeesLogitsButNoGradients() {
        Classifier view = seenBy(Access.SCORES);
        assertEquals(classifier.predict(images), view.predict(images));
        assertRefusesGradients(view);
    }

    @Test
    void anAttackOnDecisionsSeesOnlyThePredictedClass() {
        Classifier view = seenBy(Access.DECISIONS);
        NDArray seen = view.predict(images);
        assertEquals(2, seen.sum().getFloat());
        assertEquals(classifier.predict(images).argMax(1), seen.argMax(1));
        assertRefusesGradients(view);
    }

    /** Returns the network as an attack that declares this access sees it. */
    private Classifier seenBy(Access access) {
        AtomicReference<Classifier> seen = new AtomicReference<>();
        AttackRun.of(new Scripted(x -> x, access, seen::set))
                .on(classifier, images, fromPredictions);
        return seen.get();
    }

    private void assertRefusesGradients(Classifier view) {
        for (Executable call :
                List.<Executable>of(
                        () -> view.logits(images),
                        () -> view.gradient(images, images, images, false),
                        () -> view.gradients(images, images, images.expandDims(0)),
                        () -> view.lossGradient(images, logits -> logits.sum(new int[] {1})))) {
            String message = assertThrows(DeepDefenseException.class, call).getMessage();
            assertContains(message, "Scripted", "gradient");
        }
    }

    private String failure(UnaryOperator<NDArray> attack) {
        return assertThrows(
                        DeepDefenseException.class,
                        () ->
                                AttackRun.of(new Scripted(attack))
                                        .on(classifier, images, fromPredictions))
                .getMessage();
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** An attack with a budget in L∞ that does what a test tells it. */
    @AttackPlugin(
            name = "scripted",
            type = AttackType.FIXED_BUDGET,
            norm = Norm.LINF,
            epsilon = 0.5)
    private record Scripted(UnaryOperator<NDArray> script, Access access, Consumer<Classifier> look)
            implements FixedBudgetAttack<Nothing> {

        Scripted(UnaryOperator<NDArray> script) {
            this(script, Access.GRADIENTS, network -> {});
        }

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            look.accept(classifier);
            return script.apply(images);
        }
    }
}
