// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.deepdefense.attack.Criterion;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.testkit.AttackRun;
import org.deepdefense.testkit.Networks;
import org.junit.jupiter.api.Test;

class AutoAttackTest {

    @Test
    void warnsWhereSquaresFindWhatGradientsMiss() {
        try (Networks networks = new Networks()) {
            BlockClassifier honest = networks.twoClass(new Shape(1, 4, 6));
            NDArray images = networks.manager().full(new Shape(3, 1, 4, 6), 0.6f);
            Criterion criterion = Criterion.misclassification(Networks.predictions(honest, images));
            assertEquals(List.of(), warnings(honest, images, criterion));
            assertEquals(
                    List.of(
                            "square, which uses no gradients, fooled 3 of the 3 images that the"
                                    + " attacks with gradients left: the gradients are masked, or"
                                    + " those attacks are too weak"),
                    warnings(new Masked(honest), images, criterion));
            NDArray one = images.get("0:1");
            assertEquals(
                    List.of(),
                    warnings(
                            new Masked(honest),
                            one,
                            Criterion.misclassification(Networks.predictions(honest, one))));
        }
    }

    private static List<String> warnings(
            Classifier classifier, NDArray images, Criterion criterion) {
        return AttackRun.of(new AutoAttack())
                .with("queries", 500)
                .with("steps", 10)
                .with("epsilon", 0.2)
                .raw(classifier, images, criterion)
                .context()
                .warnings()
                .stream()
                .filter(warning -> warning.contains("square"))
                .toList();
    }

    /** A network that shows no gradients. */
    private record Masked(Classifier honest) implements Classifier {

        @Override
        public Shape inputShape() {
            return honest.inputShape();
        }

        @Override
        public int classes() {
            return honest.classes();
        }

        @Override
        public Bounds bounds() {
            return honest.bounds();
        }

        @Override
        public NDArray normalize(NDArray images) {
            return honest.normalize(images);
        }

        @Override
        public NDArray scale(NDArray perturbations) {
            return honest.scale(perturbations);
        }

        @Override
        public NDArray predict(NDArray images) {
            return honest.predict(images);
        }

        @Override
        public NDArray logits(NDArray images) {
            return honest.logits(images);
        }

        @Override
        public NDArray gradient(
                NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
            return honest.gradient(output, input, cotangent, createGraph).zerosLike();
        }

        @Override
        public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
            return honest.gradients(output, input, cotangents).zerosLike();
        }

        @Override
        public Calls calls() {
            return honest.calls();
        }
    }
}
