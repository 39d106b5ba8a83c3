// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/** Measures the time that a classifier takes. */
record MeteredClassifier(Classifier classifier, Meter meter) implements Classifier {

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
        return meter.time(Meter.Part.FORWARD, () -> classifier.predict(images));
    }

    @Override
    public NDArray logits(NDArray images) {
        return meter.time(Meter.Part.RECORDED, () -> classifier.logits(images));
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        return meter.time(
                createGraph ? Meter.Part.GRAPH_PRODUCT : Meter.Part.PRODUCTS,
                () -> classifier.gradient(output, input, cotangent, createGraph));
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        return meter.time(
                Meter.Part.PRODUCTS, () -> classifier.gradients(output, input, cotangents));
    }

    @Override
    public Calls calls() {
        return classifier.calls();
    }
}
