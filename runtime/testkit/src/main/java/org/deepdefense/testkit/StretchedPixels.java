// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;

/**
 * A network for pixels in [0, 1] that is shown pixels in other bounds.
 *
 * @param unit the network
 * @param bounds the other bounds
 */
public record StretchedPixels(Classifier unit, Bounds bounds) implements Classifier {

    /**
     * Moves pixels.
     *
     * @param images images with pixels in [0, 1]
     * @return images with pixels in the other bounds
     */
    public NDArray stretched(NDArray images) {
        return images.mul(bounds.range()).add(bounds.min());
    }

    @Override
    public Shape inputShape() {
        return unit.inputShape();
    }

    @Override
    public int classes() {
        return unit.classes();
    }

    @Override
    public NDArray normalize(NDArray images) {
        NDArray range = Constants.scalar(bounds.range(), images);
        return unit.normalize(images.sub(bounds.min()).div(range));
    }

    @Override
    public NDArray scale(NDArray perturbations) {
        return unit.scale(perturbations.div(Constants.scalar(bounds.range(), perturbations)));
    }

    @Override
    public NDArray predict(NDArray images) {
        return unit.predict(images.sub(bounds.min()).div(bounds.range()));
    }

    @Override
    public NDArray logits(NDArray images) {
        NDArray range = Constants.scalar(bounds.range(), images);
        return unit.logits(images.sub(bounds.min()).div(range));
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        return unit.gradient(output, input, cotangent, createGraph);
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        return unit.gradients(output, input, cotangents);
    }

    @Override
    public Calls calls() {
        return unit.calls();
    }
}
