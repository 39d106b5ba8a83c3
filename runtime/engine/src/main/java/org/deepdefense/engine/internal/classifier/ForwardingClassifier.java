// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/**
 * A classifier that leaves to another what it does not do differently. {@link #lossGradient} is
 * made of its own {@link #logits} and {@link #gradient}.
 */
public abstract class ForwardingClassifier implements Classifier {

    private final Classifier classifier;

    /**
     * Stands before a classifier.
     *
     * @param classifier the classifier
     */
    protected ForwardingClassifier(Classifier classifier) {
        this.classifier = classifier;
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
        return classifier.predict(images);
    }

    @Override
    public NDArray logits(NDArray images) {
        return classifier.logits(images);
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        return classifier.gradient(output, input, cotangent, createGraph);
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        return classifier.gradients(output, input, cotangents);
    }

    @Override
    public Calls calls() {
        return classifier.calls();
    }
}
