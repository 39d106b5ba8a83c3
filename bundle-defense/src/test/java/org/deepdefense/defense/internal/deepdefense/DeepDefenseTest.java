// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.deepdefense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.minimum.DeepFool;
import org.deepdefense.attacks.internal.minimum.DeepFoolLinf;
import org.deepdefense.defense.internal.DefenseRun;
import org.deepdefense.defense.internal.loss.Losses;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Golden;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.Test;

class DeepDefenseTest {

    private static final List<String> PARAMETERS =
            List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias");

    private static final double GRADIENT_TOLERANCE = 1e-3;

    @Test
    void lossAndGradientsEqualThoseOfThePapersCode() {
        try (Golden golden = Golden.open();
                Autograd autograd = new Autograd()) {
            JsonObject expected = golden.json("golden.json", "deepdefense");
            Map<String, NDArray> gradients = golden.arrays("deepdefense.npz");
            DefenseRun<?> run =
                    new DefenseRun<>(
                            new DeepDefense(),
                            Map.of(),
                            golden.classifier(),
                            AttackRun.of(new DeepFool()).with("iterations", 5));

            NDArray loss = run.loss(golden.images(), golden.labels());

            double total = expected.get("total").getAsDouble();
            assertEquals(total, loss.getFloat(), total * Golden.NORM_TOLERANCE);
            NDList actual = autograd.gradients(loss, new NDList(golden.parameters()));
            for (int i = 0; i < actual.size(); i++) {
                String name = PARAMETERS.get(i);
                NDArray sum =
                        gradients
                                .get("grad_ce." + name)
                                .add(gradients.get("grad_correct." + name))
                                .add(gradients.get("grad_wrong." + name));
                double error = actual.get(i).sub(sum).norm().getFloat() / sum.norm().getFloat();
                assertTrue(error < GRADIENT_TOLERANCE, name + " differs by " + error);
            }
        }
    }

    @Test
    void perturbationsOfRightAndWrongSamplesAreThoseOfThePapersCode() {
        try (Golden golden = Golden.open()) {
            JsonObject expected = golden.json("golden.json", "deepdefense");
            DefenseRun<?> run =
                    new DefenseRun<>(
                            new DeepDefense(),
                            Map.of(),
                            golden.classifier(),
                            AttackRun.of(new DeepFool()).with("iterations", 5));
            run.loss(golden.images(), golden.labels());
            double sum = 0;
            for (String key : List.of("rho_correct", "rho_wrong")) {
                for (double rho : Golden.numbers(expected, key)) {
                    sum += rho;
                }
            }
            assertEquals(sum / 16, run.metrics().get("rho"), 1e-5);
        }
    }

    @Test
    void anyAttackWillDoAndOnALinearNetworkAllMeasureTheSameDistanceAlongTheirDirection() {
        try (Networks networks = new Networks()) {
            Shape shape = new Shape(1, 2, 2);
            BlockClassifier classifier = networks.twoClass(shape);
            NDArray images = networks.manager().ones(new Shape(1).addAll(shape)).mul(0.75f);
            NDArray labels = Networks.predictions(classifier, images);
            // The boundary is at a mean of 0.5: 0.25 away in each of the four pixels, 0.5 in L2.
            double rho = 0.5 / (0.75 * 2);
            for (Attack<?> attack : List.of(new TowardsBlack(), new DeepFoolLinf())) {
                DefenseRun<?> run =
                        new DefenseRun<>(
                                new DeepDefense(), Map.of(), classifier, AttackRun.of(attack));
                run.loss(images, labels);
                assertEquals(rho, run.metrics().get("rho"), 1e-5, attack.toString());
            }
            DefenseRun<?> differentiated =
                    new DefenseRun<>(
                            new DeepDefense(), Map.of(), classifier, AttackRun.of(new DeepFool()));
            differentiated.loss(images, labels);
            assertEquals(rho * 1.02, differentiated.metrics().get("rho"), 1e-5);
        }
    }

    @Test
    void aStepAgainstAnyAttackEnlargesThePerturbation() {
        try (Networks networks = new Networks();
                Autograd autograd = new Autograd()) {
            Shape shape = new Shape(1, 2, 2);
            BlockClassifier classifier = networks.trigonometric();
            NDArray images =
                    networks.manager()
                            .create(new float[] {.2f, .7f, .4f, .9f, .9f, .1f, .6f, .3f})
                            .reshape(new Shape(2).addAll(shape));
            NDArray labels = Networks.predictions(classifier, images);
            for (Attack<?> attack : List.of(new DeepFool(), new DeepFoolLinf())) {
                DefenseRun<?> run =
                        new DefenseRun<>(
                                new DeepDefense(), Map.of(), classifier, AttackRun.of(attack));
                NDList parameters = new NDList(networks.parameters());
                NDArray loss = run.loss(images, labels);
                double before = run.metrics().get("rho");
                NDList gradients = autograd.gradients(loss, parameters);
                Autograd.recording(
                        false,
                        () -> {
                            for (int i = 0; i < parameters.size(); i++) {
                                parameters.get(i).subi(gradients.get(i).mul(1e-3));
                            }
                            return null;
                        });
                run.loss(images, labels);
                assertTrue(run.metrics().get("rho") > before, attack.toString());
            }
        }
    }

    @Test
    void anAttackThatDoesNotMoveLeavesTheCrossEntropy() {
        try (Networks networks = new Networks()) {
            BlockClassifier classifier = networks.trigonometric();
            NDArray images = networks.manager().ones(new Shape(3, 1, 2, 2)).mul(0.5f);
            NDArray labels = Networks.predictions(classifier, images);
            NDArray loss =
                    new DefenseRun<>(
                                    new DeepDefense(),
                                    Map.of(),
                                    classifier,
                                    AttackRun.of(new DoesNothing()))
                            .loss(images, labels);
            NDArray crossEntropy = Losses.crossEntropy(classifier.predict(images), labels).mean();
            assertEquals(crossEntropy.getFloat(), loss.getFloat(), 1e-6);
        }
    }

    @Test
    void theRegulariserOfMisclassifiedSamplesStaysFinite() {
        try (Networks networks = new Networks()) {
            Shape shape = new Shape(1, 2, 2);
            BlockClassifier classifier = networks.twoClass(shape);
            NDArray images = networks.manager().ones(new Shape(1).addAll(shape)).mul(0.75f);
            NDArray wrong = networks.manager().create(new long[] {0});
            NDArray loss =
                    new DefenseRun<>(
                                    new DeepDefense(),
                                    Map.of("d", 1e6),
                                    classifier,
                                    AttackRun.of(new DeepFool()))
                            .loss(images, wrong);
            assertTrue(Float.isFinite(loss.getFloat()), "loss " + loss.getFloat());
        }
    }

    /** It has no parameters. */
    @interface Nothing {}

    /** An attack that knows nothing of gradients. */
    private static final class TowardsBlack implements MinimumNormAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Norm norm() {
            return Norm.L2;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            return images.mul(0.1f);
        }
    }

    /** An attack that never succeeds. */
    private static final class DoesNothing implements MinimumNormAttack<Nothing> {

        @Override
        public Class<Nothing> parameters() {
            return Nothing.class;
        }

        @Override
        public Norm norm() {
            return Norm.L2;
        }

        @Override
        public NDArray run(
                Classifier classifier,
                NDArray images,
                Criterion criterion,
                AttackContext<Nothing> context) {
            return images.duplicate();
        }
    }
}
