// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalDouble;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;

/**
 * A network that gives to all images the classes that another one gives them, by logits of another
 * scale, another origin, and with one class more that is masked.
 *
 * @param plain the other network
 * @param factor what its logits are multiplied by
 * @param offset what is added to the products
 * @param mask the logit of one class more, if there is to be one
 */
public record DistortedLogits(Classifier plain, double factor, double offset, OptionalDouble mask)
        implements Classifier {

    /**
     * Multiplies logits.
     *
     * @param plain the network
     * @param factor what to multiply by
     * @return another network
     */
    public static DistortedLogits scaled(Classifier plain, double factor) {
        return new DistortedLogits(plain, factor, 0, OptionalDouble.empty());
    }

    /**
     * Adds a class that is never chosen.
     *
     * @param plain the network
     * @param mask the logit of that class
     * @return another network
     */
    public static DistortedLogits masked(Classifier plain, double mask) {
        return new DistortedLogits(plain, 1, 0, OptionalDouble.of(mask));
    }

    @Override
    public Shape inputShape() {
        return plain.inputShape();
    }

    @Override
    public int classes() {
        return plain.classes() + (mask.isPresent() ? 1 : 0);
    }

    @Override
    public Bounds bounds() {
        return plain.bounds();
    }

    @Override
    public NDArray normalize(NDArray images) {
        return plain.normalize(images);
    }

    @Override
    public NDArray scale(NDArray perturbations) {
        return plain.scale(perturbations);
    }

    @Override
    public NDArray predict(NDArray images) {
        return distorted(plain.predict(images));
    }

    @Override
    public NDArray logits(NDArray images) {
        return distorted(plain.logits(images));
    }

    private NDArray distorted(NDArray logits) {
        NDArray result =
                logits.mul(Constants.scalar(factor, logits)).add(Constants.scalar(offset, logits));
        if (mask.isEmpty()) {
            return result;
        }
        Shape column = new Shape(logits.getShape().get(0), 1);
        float value = (float) mask.getAsDouble();
        return result.concat(logits.getManager().full(column, value, DataType.FLOAT32), 1);
    }

    @Override
    public NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph) {
        return plain.gradient(output, input, cotangent, createGraph);
    }

    @Override
    public NDArray gradients(NDArray output, NDArray input, NDArray cotangents) {
        return plain.gradients(output, input, cotangents);
    }

    @Override
    public Calls calls() {
        return plain.calls();
    }
}
