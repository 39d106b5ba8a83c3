// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.Draws;
import org.deepdefense.model.Bounds;

/** Stripes, and squares of one change a channel. */
public record Stripes(double epsilon, Bounds bounds) implements SquareSearch.Proposals {

    @Override
    public NDArray start(NDArray images, SampleRandom random) {
        Shape image = images.getShape().slice(1);
        Shape stripes = new Shape(image.get(0), 1, image.get(2));
        return moved(images, Draws.signs(random, images.getManager(), stripes));
    }

    @Override
    public NDArray next(NDArray images, NDArray best, double area, SampleRandom random) {
        Shape image = images.getShape().slice(1);
        long side = Math.max(1, Math.round(Math.sqrt(area * image.get(1) * image.get(2))));
        NDArray uniform = random.uniform(images.getManager(), new Shape(2 + image.get(0)), 0, 1);
        NDArray inside = Windows.draw(uniform, 0, side, side, image).contains();
        NDArray signs =
                Draws.signs(uniform.get(new NDIndex(":, 2:"))).reshape(-1, image.get(0), 1, 1);
        return NDArrays.where(inside, moved(images, signs), best);
    }

    private NDArray moved(NDArray images, NDArray signs) {
        return images.add(signs.mul(epsilon)).clip(bounds.min(), bounds.max());
    }
}
