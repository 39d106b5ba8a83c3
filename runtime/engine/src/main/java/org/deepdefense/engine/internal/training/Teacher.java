// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.classifier.BlockClassifier;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.model.Classifier;

/**
 * A second network of the same architecture, whose weights follow those of the network in training.
 * It is made when it is first asked for.
 */
final class Teacher implements AutoCloseable {

    private final LoadedNetwork student;
    private final Supplier<LoadedNetwork> maker;
    private final Function<LoadedNetwork, BlockClassifier> classifierOf;
    private Map<String, NDArray> restored = Map.of();
    private LoadedNetwork network;
    private Classifier classifier;
    private WeightAverage mean;
    private double decay;

    /**
     * Prepares a teacher.
     *
     * @param student the network in training
     * @param maker makes a network with the weights that the student has
     * @param classifierOf makes a classifier of pixels of it
     */
    Teacher(
            LoadedNetwork student,
            Supplier<LoadedNetwork> maker,
            Function<LoadedNetwork, BlockClassifier> classifierOf) {
        this.student = student;
        this.maker = maker;
        this.classifierOf = classifierOf;
    }

    /**
     * Returns the teacher.
     *
     * @param wanted how much of the mean is kept in a step
     */
    Classifier classifier(double wanted) {
        if (!(wanted >= 0 && wanted < 1)) {
            throw new DeepDefenseException(
                    "A teacher cannot keep " + wanted + " of its weights", "give 0 to below 1");
        }
        if (network == null) {
            network = maker.get();
            // It outlives the step in which it is first asked for.
            NDScope.unregister(network.manager().getManagedArrays().toArray(new NDArray[0]));
            classifier = classifierOf.apply(network);
            mean = new WeightAverage(student.floatingWeights(), network.floatingWeights());
            decay = wanted;
            takeOver();
        }
        if (wanted != decay) {
            throw new DeepDefenseException(
                    "The teacher keeps " + decay + " of its weights in a step, not " + wanted,
                    "a training has one teacher: give one decay");
        }
        return classifier;
    }

    /** Follows an update of the student. No graph may be recorded. */
    void follow() {
        if (network != null) {
            mean.approach(1 - decay);
        }
    }

    /** Returns what has to be kept to go on later. */
    Map<String, NDArray> arrays() {
        return network == null ? restored : network.weights();
    }

    /** Goes on from what {@link #arrays} returned. */
    void restore(Map<String, NDArray> saved) {
        restored = Copies.of(saved, student.manager());
        takeOver();
    }

    private void takeOver() {
        if (network != null && !restored.isEmpty()) {
            network.setWeights(restored, "the checkpoint");
            restored.values().forEach(NDArray::close);
            restored = Map.of();
        }
    }

    @Override
    public void close() {
        if (network != null) {
            network.close();
        }
    }
}
