// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Access;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/** A network of which an attack sees only what it declared to need. */
final class RestrictedClassifier implements Classifier {

    private final String attack;
    private final Access access;
    private final Classifier classifier;

    private RestrictedClassifier(String attack, Access access, Classifier classifier) {
        this.attack = attack;
        this.access = access;
        this.classifier = classifier;
    }

    /** Returns the network as an attack is to see it. */
    static Classifier of(BoundAttack<?> bound, Classifier classifier) {
        Access access = bound.attack().access();
        return access == Access.GRADIENTS
                ? classifier
                : new RestrictedClassifier(bound.name(), access, classifier);
    }

    @Override
    public Shape inputShape() {
        return classifier.inputShape();
    }

    @Override
    public int classes() {
        return classifier.classes();
    }

    @Override
    public Bounds bounds() {
        return classifier.bounds();
    }

    @Override
    public NDArray normalize(NDArray images) {
        return classifier.normalize(images);
    }

    @Override
    public NDArray scale(NDArray perturbations) {
        return classifier.scale(perturbations);
    }

    @Override
    public NDArray predict(NDArray images) {
        NDArray logits = classifier.predict(images);
        return access == Access.SCORES
                ? logits
                : logits.argMax(1).oneHot(classifier.classes(), DataType.FLOAT32);
    }

    @Override
    public NDArray logits(NDArray images) {
        throw refusal();
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        throw refusal();
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        throw refusal();
    }

    @Override
    public Calls calls() {
        return classifier.calls();
    }

    private DeepDefenseException refusal() {
        return new DeepDefenseException(
                "Attack \""
                        + attack
                        + "\" declares that it needs only "
                        + access.label()
                        + " but asked for a gradient",
                "use another attack or tell its author: it must return Access.GRADIENTS from"
                        + " access()");
    }
}
