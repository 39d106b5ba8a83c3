// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Access;
import org.deepdefense.engine.internal.classifier.ForwardingClassifier;
import org.deepdefense.model.Classifier;

/** A network of which an attack sees only what it declared to need. */
final class RestrictedClassifier extends ForwardingClassifier {

    private final String attack;
    private final Access access;

    private RestrictedClassifier(String attack, Access access, Classifier classifier) {
        super(classifier);
        this.attack = attack;
        this.access = access;
    }

    /** Returns the network as an attack is to see it. */
    static Classifier of(BoundAttack<?> bound, Classifier classifier) {
        Access access = bound.attack().access();
        return access == Access.GRADIENTS
                ? classifier
                : new RestrictedClassifier(bound.name(), access, classifier);
    }

    @Override
    public NDArray predict(NDArray images) {
        NDArray logits = super.predict(images);
        return access == Access.SCORES
                ? logits
                : logits.argMax(1).oneHot(classes(), DataType.FLOAT32);
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
