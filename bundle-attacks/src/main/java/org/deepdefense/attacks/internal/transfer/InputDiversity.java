// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Sight;
import org.deepdefense.model.Classifier;

/**
 * Takes gradients at images that are, at random, shrunk by bilinear interpolation and put on a
 * black ground of the size of the image. As that is linear in rows and in columns, it is done by a
 * matrix for each, which differ between samples, and its derivative by the transposed matrices.
 *
 * @param resizeRate the smallest size as a share of the size of the image
 * @param probability how often an image is changed
 */
record InputDiversity(double resizeRate, double probability) implements Guide {

    /** Random numbers of a sample in each step, which are drawn whether they are used or not. */
    private static final Shape NUMBERS = new Shape(4);

    /**
     * Matrices that change rows and columns, and for which samples they are not the identity.
     *
     * @param rows matrices (M, 1, H, H)
     * @param columns matrices (M, 1, W, W)
     * @param changed booleans (M)
     */
    private record Change(NDArray rows, NDArray columns, NDArray changed) {

        NDArray of(NDArray images) {
            return rows.matMul(images).matMul(columns.transpose(0, 1, 3, 2));
        }

        NDArray derivative(NDArray gradient) {
            return rows.transpose(0, 1, 3, 2).matMul(gradient).matMul(columns);
        }
    }

    @Override
    public Course begin(Classifier classifier, ActiveSamples active, PerSample images) {
        return () -> look(classifier, active, images.get());
    }

    private Way look(Classifier classifier, ActiveSamples active, NDArray images) {
        Change change = draw(images, active.random());
        Sight sight = Sight.at(classifier, change.of(images), active.criterion());
        return new Way(
                change.derivative(sight.gradient()),
                Optional.of(
                        () ->
                                active.criterion()
                                        .isAdversarial(sight.logits())
                                        .logicalAnd(change.changed().logicalNot())));
    }

    private Change draw(NDArray images, SampleRandom random) {
        NDManager manager = images.getManager();
        NDArray numbers = random.uniform(manager, NUMBERS, 0, 1);
        NDArray size = numbers.get(new NDIndex(":, 0"));
        NDArray changed = numbers.get(new NDIndex(":, 3")).lt(probability);
        Shape shape = images.getShape();
        NDArray top = numbers.get(new NDIndex(":, 1"));
        NDArray left = numbers.get(new NDIndex(":, 2"));
        return new Change(
                matrices(shape.get(2), size, top, changed),
                matrices(shape.get(3), size, left, changed),
                changed);
    }

    /**
     * Returns for each sample the matrix that interpolates a line of pixels and moves it.
     *
     * @param length the length of the line
     * @param size where the new length is between the smallest and the length, in [0, 1), (M)
     * @param offset where the new line is between the first and the last place, in [0, 1), (M)
     * @param changed for which samples (M)
     * @return matrices (M, 1, length, length)
     */
    private NDArray matrices(long length, NDArray size, NDArray offset, NDArray changed) {
        double smallest = Math.max(1, Math.floor(resizeRate * length));
        NDArray isChanged = changed.toType(DataType.FLOAT32, false);
        NDArray missing =
                size.mul(length - smallest).floor().neg().addi(length - smallest).muli(isChanged);
        NDArray start = offset.mul(missing).floor().reshape(-1, 1, 1);
        NDArray newLength = missing.neg().addi(length).reshape(-1, 1, 1);

        NDArray pixels = size.getManager().arange(0, (float) length, 1, DataType.FLOAT32);
        NDArray to = pixels.reshape(1, length, 1).sub(start);
        NDArray from = to.add(0.5f).divi(newLength).muli(length).subi(0.5f).clip(0, length - 1.0);
        NDArray weights = from.sub(pixels.reshape(1, 1, length)).abs().negi().addi(1).maximum(0);
        NDArray inside = to.gte(0).logicalAnd(to.lt(newLength));
        return weights.mul(inside.toType(DataType.FLOAT32, false)).expandDims(1);
    }
}
