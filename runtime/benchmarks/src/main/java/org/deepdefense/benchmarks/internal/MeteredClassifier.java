// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.ndarray.NDArray;
import org.deepdefense.engine.internal.classifier.ForwardingClassifier;
import org.deepdefense.model.Classifier;

/** Measures the time that a classifier takes. */
final class MeteredClassifier extends ForwardingClassifier {

    private final Meter meter;

    MeteredClassifier(Classifier classifier, Meter meter) {
        super(classifier);
        this.meter = meter;
    }

    @Override
    public NDArray predict(NDArray images) {
        return meter.time(Meter.Part.FORWARD, () -> super.predict(images));
    }

    @Override
    public NDArray logits(NDArray images) {
        return meter.time(Meter.Part.RECORDED, () -> super.logits(images));
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        return meter.time(
                createGraph ? Meter.Part.GRAPH_PRODUCT : Meter.Part.PRODUCTS,
                () -> super.gradient(output, input, cotangent, createGraph));
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        return meter.time(Meter.Part.PRODUCTS, () -> super.gradients(output, input, cotangents));
    }
}
