// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.Variants;
import org.deepdefense.model.Classifier;

/**
 * Estimates gradients from scores: the mean over random directions v of v·(m(x + hv) − m(x − hv)) /
 * 2h, where m is the margin of the logits. The points x ± hv may leave the bounds: to keep them
 * inside would bias the estimate where pixels are black or white.
 *
 * @param directions how directions are drawn
 * @param count how many directions, each of which costs two queries
 * @param length h, in units of pixels
 */
public record DifferenceQuotients(Directions directions, int count, double length) {

    /** A distribution of directions, whose components have the mean 0 and the variance 1. */
    @FunctionalInterface
    public interface Directions {

        /** Draws arrays (M, shape of a sample). */
        NDArray draw(SampleRandom random, NDManager manager, Shape sample);
    }

    /** Returns the gradient of the margin (M, C, H, W), to be followed downhill. */
    public NDArray gradient(
            Classifier classifier, NDArray images, Criterion criterion, SampleRandom random) {
        Shape shape = images.getShape();
        NDArray center = images.expandDims(1);
        NDArray sum = images.zerosLike().reshape(shape.get(0), 1, -1);
        int atOnce = Math.max(1, Variants.atOnce(images) / 2);
        for (int done = 0; done < count; done += atOnce) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                int part = Math.min(atOnce, count - done);
                NDArray v =
                        directions.draw(
                                random,
                                images.getManager(),
                                new Shape(part).addAll(shape.slice(1)));
                NDArray step = v.mul(length);
                NDArray variants = center.add(step).concat(center.sub(step), 1);
                NDArray margins = Variants.margins(classifier, variants, criterion);
                NDArray differences =
                        margins.get(new NDIndex(":, :{}", part))
                                .sub(margins.get(new NDIndex(":, {}:", part)));
                sum.addi(
                        differences
                                .reshape(shape.get(0), 1, part)
                                .matMul(v.reshape(shape.get(0), part, -1)));
            }
        }
        return sum.div(2 * length * count).reshape(shape);
    }
}
