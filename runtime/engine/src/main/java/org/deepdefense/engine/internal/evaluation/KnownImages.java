// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.engine.internal.attack.StartingPoints;
import org.deepdefense.engine.internal.work.OpenDataset;
import org.deepdefense.model.Classifier;

/**
 * The first images of a data set and what a network says of them. They are looked at when an attack
 * first asks for a start. How many there are depends neither on the batch nor on how many images
 * are evaluated, so that what an attack makes of an image does not either. May be used by several
 * threads at once.
 */
final class KnownImages implements StartingPoints, AutoCloseable {

    private static final int IMAGES = 1000;

    /** Large images are fewer, to take no more memory than the attack of a batch. */
    private static final int NUMBERS = 16_000_000;

    private final OpenDataset dataset;
    private final Supplier<Classifier> classifier;
    private NDManager owner;
    private Known known;

    /**
     * Describes what may be looked at.
     *
     * @param dataset the images
     * @param classifier gives the network, whose calls are nobody's
     */
    KnownImages(OpenDataset dataset, Supplier<Classifier> classifier) {
        this.dataset = dataset;
        this.classifier = classifier;
    }

    /**
     * What is known.
     *
     * @param images one in a column (P, R)
     * @param squares their squared lengths (1, R)
     * @param predictions their classes according to the network (1, R)
     */
    private record Known(NDArray images, NDArray squares, NDArray predictions) {}

    private synchronized Known known() {
        if (known == null) {
            if (owner == null) {
                owner = NDManager.newBaseManager();
            }
            known = look();
        }
        return known;
    }

    private Known look() {
        int size = (int) Math.min(IMAGES, NUMBERS / dataset.imageShape().size());
        int count = Math.max(1, Math.min(size, dataset.fullSize()));
        int batch = BatchSize.most(dataset.imageShape());
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Classifier network = classifier.get();
            NDList images = new NDList();
            NDList predictions = new NDList();
            for (int first = 0; first < count; first += batch) {
                int[] indices = IntStream.range(first, Math.min(count, first + batch)).toArray();
                NDArray some = dataset.images(owner, indices);
                images.add(some.reshape(indices.length, -1));
                predictions.add(network.predict(some).argMax(1));
            }
            NDArray columns = NDArrays.concat(images).transpose().duplicate();
            NDArray squares = columns.square().sum(new int[] {0}, true);
            NDArray classes = NDArrays.concat(predictions).reshape(1, -1);
            NDScope.unregister(columns, squares, classes);
            columns.attach(owner);
            squares.attach(owner);
            classes.attach(owner);
            return new Known(columns, squares, classes);
        }
    }

    @Override
    public NDArray nearest(NDArray images, Criterion criterion) {
        Known all = known();
        NDArray result = images.duplicate();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Shape shape = images.getShape();
            // ‖x − p‖² without ‖x‖², which is the same for all candidates p.
            NDArray distances =
                    images.reshape(shape.get(0), -1)
                            .matMul(all.images())
                            .muli(-2)
                            .addi(all.squares());
            NDArray fulfils =
                    criterion
                            .labels()
                            .reshape(-1, 1)
                            .eq(all.predictions())
                            .eq(criterion.targeted().reshape(-1, 1));
            NDArray usable =
                    NDArrays.where(
                            fulfils, distances, distances.onesLike().muli(Float.POSITIVE_INFINITY));
            NDArray rows = usable.min(new int[] {1}).isInfinite().logicalNot().nonzero().flatten();
            if (!rows.isEmpty()) {
                NDIndex index = new NDIndex("{}", rows);
                NDArray chosen = usable.argMin(1).get(index);
                Shape some = new Shape(rows.size()).addAll(shape.slice(1));
                result.set(
                        index,
                        all.images().get(new NDIndex(":, {}", chosen)).transpose().reshape(some));
            }
        }
        return result;
    }

    @Override
    public synchronized void close() {
        if (owner != null) {
            owner.close();
        }
    }
}
