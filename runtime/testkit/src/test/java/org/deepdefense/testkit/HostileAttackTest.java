// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.DifferentiableAttack;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.engine.internal.attack.AttackExecutor;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.attack.RunControl;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks that change what they were given, or throw what nobody declared. */
class HostileAttackTest {

    private static final Shape IMAGE = new Shape(1, 2, 2);
    private static final String CHANGED = "changed the images or labels";

    private Networks networks;
    private BlockClassifier classifier;
    private NDArray images;
    private Criterion criterion;

    @BeforeEach
    void open() {
        networks = new Networks();
        classifier = networks.twoClass(IMAGE);
        images = networks.manager().ones(new Shape(2).addAll(IMAGE)).mul(0.75f);
        criterion = Criterion.misclassification(Networks.predictions(classifier, images));
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void onlyTheJobsOwnCancellationIsOne() {
        AttackRun<?> attack = throwing(new CancellationException("bored"));
        assertThrows(
                CancellationException.class, () -> attack.cancelled(classifier, images, criterion));
        assertContains(refusal(attack).getMessage(), "Hostile", "CancellationException", "bored");
    }

    static List<Throwable> throwables() {
        return List.of(
                new IOException("checked"),
                new InterruptedException("checked"),
                new StackOverflowError(),
                new OutOfMemoryError("of its own"),
                new NoClassDefFoundError("org/example/Missing"),
                new AssertionError("impossible"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whateverAnAttackThrowsNamesItAndKeepsTheCause(Throwable fault) {
        for (DeepDefenseException error :
                List.of(refusal(throwing(fault)), perturbationRefusal((x, goal) -> raise(fault)))) {
            assertContains(error.getMessage(), "Hostile", fault.getClass().getSimpleName());
            assertEquals(fault, error.getCause());
        }
    }

    @Test
    void anAttackThatChangesItsImagesIsNamed() {
        float[] before = images.toFloatArray();
        for (UnaryOperator<NDArray> change :
                List.<UnaryOperator<NDArray>>of(
                        x -> x.subi(x).addi(0.5f),
                        x -> {
                            NDArray result = x.duplicate();
                            x.stopGradient().addi(0.01f);
                            return result;
                        },
                        x -> {
                            NDArray result = x.duplicate();
                            x.close();
                            return result;
                        })) {
            assertContains(
                    refusal(hostile((x, goal) -> change.apply(x))).getMessage(),
                    "Hostile",
                    CHANGED);
            assertArrayEquals(before, images.toFloatArray());
        }
    }

    @Test
    void anAttackThatChangesItsCriterionIsNamed() {
        long[] labels = criterion.labels().toLongArray();
        for (Consumer<Criterion> change :
                List.<Consumer<Criterion>>of(
                        goal -> goal.labels().addi(1),
                        goal -> goal.targeted().logicalNot().copyTo(goal.targeted()))) {
            Script both =
                    (x, goal) -> {
                        change.accept(goal);
                        return x;
                    };
            assertContains(refusal(hostile(both)).getMessage(), "Hostile", CHANGED);
            assertContains(perturbationRefusal(both).getMessage(), "Hostile", CHANGED);
            assertArrayEquals(labels, criterion.labels().toLongArray());
            assertEquals(0, criterion.targeted().countNonzero().getLong());
        }
    }

    @Test
    void anAttackThatChangesTheLossThatItWasGivenIsNamed() {
        NDArray probabilities = classifier.predict(images).softmax(1);
        float[] before = probabilities.toFloatArray();
        criterion = criterion.withLoss(LogitLosses.divergence(probabilities));
        Script change =
                (x, goal) -> {
                    goal.loss().map(array -> array.muli(0.5f));
                    return x;
                };
        assertContains(refusal(hostile(change)).getMessage(), "Hostile", CHANGED);
        assertArrayEquals(before, probabilities.toFloatArray());
    }

    @Test
    void aDifferentiableAttackThatChangesWhatItWasGivenIsNamed() {
        assertContains(
                perturbationRefusal((x, goal) -> x.stopGradient().subi(0.1f).duplicate())
                        .getMessage(),
                "Hostile",
                CHANGED);
    }

    @Test
    void anAttackThatReturnsTheVeryImagesFails() {
        AttackOutcome outcome = hostile((x, goal) -> x).on(classifier, images, criterion);
        assertArrayEquals(new boolean[] {false, false}, outcome.success().toBooleanArray());
        assertEquals(images, outcome.adversarials());
    }

    @Test
    void whatAnAttackKeepsOfItsResultIsNotTheResult() {
        NDArray[] kept = new NDArray[1];
        AttackOutcome outcome =
                hostile((x, goal) -> kept[0] = x.sub(0.1f)).on(classifier, images, criterion);
        kept[0].subi(0.5f);
        assertEquals(0.65f, outcome.adversarials().getFloat(0, 0, 0, 0), 1e-6f);
    }

    private DeepDefenseException refusal(AttackRun<?> attack) {
        return assertThrows(
                DeepDefenseException.class, () -> attack.on(classifier, images, criterion));
    }

    private DeepDefenseException perturbationRefusal(Script script) {
        NDArray x = images.duplicate();
        x.setRequiresGradient(true);
        return assertThrows(
                DeepDefenseException.class,
                () ->
                        AttackExecutor.perturbation(
                                new BoundAttack<>("Hostile", new Hostile(script), null),
                                classifier,
                                x,
                                classifier.logits(x),
                                criterion,
                                new RunControl(
                                        new SampleRandom(0, 0, 1), () -> {}, warning -> {})));
    }

    private static AttackRun<?> throwing(Throwable fault) {
        return hostile((x, goal) -> raise(fault));
    }

    private static AttackRun<?> hostile(Script script) {
        return AttackRun.of(new Hostile(script));
    }

    private static NDArray raise(Throwable fault) {
        throw HostileAttackTest.<RuntimeException>unchecked(fault);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <T extends Throwable> T unchecked(Throwable fault) throws T {
        throw (T) fault;
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    /** What an attack does with images and a criterion. */
    private interface Script extends BiFunction<NDArray, Criterion, NDArray> {}

    /** It has no parameters. */
    @interface Nothing {}

    /** An attack that does what a test tells it. */
    private record Hostile(Script script) implements DifferentiableAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Norm norm() {
            return Norm.L2;
        }

        @Override
        public boolean isBounded(Nothing parameters) {
            return false;
        }

        @Override
        public NDArray run(
                Classifier network, NDArray batch, Criterion goal, AttackContext<Nothing> context) {
            return script.apply(batch, goal);
        }

        @Override
        public NDArray perturbation(
                Classifier network,
                NDArray batch,
                NDArray logits,
                Criterion goal,
                AttackContext<Nothing> context) {
            return script.apply(batch, goal);
        }
    }
}
