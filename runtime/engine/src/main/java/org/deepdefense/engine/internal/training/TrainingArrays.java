// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepdefense.engine.internal.network.LoadedNetwork;

/**
 * The arrays of a training that its checkpoints hold.
 *
 * @param network whose weights are trained
 * @param sgd whose velocities go on
 * @param saved the weights that are saved at the end
 * @param teacher whose weights follow
 * @param kept what the objective keeps
 */
record TrainingArrays(
        LoadedNetwork network, Sgd sgd, SavedWeights saved, Teacher teacher, KeptState kept) {

    private static final String WEIGHTS = "weights/";
    private static final String VELOCITIES = "velocities/";
    private static final String SAVED = "saved/";
    private static final String TEACHER = "teacher/";
    private static final String KEPT = "kept/";

    /** Returns all arrays by name; they are those of the training, and not copies. */
    Map<String, NDArray> all() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        put(arrays, WEIGHTS, network.weights());
        put(arrays, VELOCITIES, sgd.velocities());
        put(arrays, SAVED, saved.arrays());
        put(arrays, TEACHER, teacher.arrays());
        put(arrays, KEPT, kept.arrays());
        return arrays;
    }

    private static void put(
            Map<String, NDArray> target, String prefix, Map<String, NDArray> arrays) {
        arrays.forEach((name, array) -> target.put(prefix + name, array));
    }

    /** Returns how many bytes a checkpoint takes, but for what is small. */
    long bytes() {
        return all().values().stream()
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                .sum();
    }

    /**
     * Takes the values of a checkpoint over.
     *
     * @param arrays what {@link #all} returned
     */
    void restore(Map<String, NDArray> arrays) {
        network.setWeights(select(arrays, WEIGHTS), "the checkpoint");
        copy(select(arrays, VELOCITIES), sgd.velocities());
        saved.restore(select(arrays, SAVED));
        teacher.restore(select(arrays, TEACHER));
        kept.restore(select(arrays, KEPT));
    }

    private static void copy(Map<String, NDArray> saved, Map<String, NDArray> targets) {
        targets.forEach((name, target) -> saved.get(name).copyTo(target));
    }

    private static Map<String, NDArray> select(Map<String, NDArray> arrays, String prefix) {
        Map<String, NDArray> selected = new LinkedHashMap<>();
        arrays.forEach(
                (name, array) -> {
                    if (name.startsWith(prefix)) {
                        selected.put(name.substring(prefix.length()), array);
                    }
                });
        return selected;
    }
}
