// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.ObjectiveState;
import org.deepdefense.engine.internal.network.LoadedNetwork;

/** What objectives keep from step to step, all of it as arrays by name, numbers as float64. */
final class KeptState {

    private static final String NUMBER = "#";

    private final NDManager manager;
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();

    /** What the arrays were at the beginning of the step. */
    private Map<String, NDArray> before = Map.of();

    /** What came from a checkpoint and was not asked for yet. */
    private final Map<String, NDArray> waiting = new LinkedHashMap<>();

    KeptState(NDManager manager) {
        this.manager = manager;
    }

    /** Returns the part of a plug-in. */
    ObjectiveState of(String plugin) {
        return new Part(plugin + "/");
    }

    /** Returns what has to be kept to go on later. */
    Map<String, NDArray> arrays() {
        Map<String, NDArray> all = new LinkedHashMap<>(waiting);
        all.putAll(arrays);
        return all;
    }

    /** Goes on from what {@link #arrays} returned. */
    void restore(Map<String, NDArray> saved) {
        saved.forEach(
                (name, values) -> {
                    if (arrays.containsKey(name)) {
                        LoadedNetwork.overwrite(arrays.get(name), values);
                    } else {
                        waiting.put(name, Copies.of(values, manager));
                    }
                });
    }

    /** Remembers everything for {@link #endStep}. */
    void beginStep() {
        before = Copies.of(arrays, manager);
    }

    /**
     * Ends a step.
     *
     * @param done whether it was done; what is kept is otherwise as it was before it
     */
    void endStep(boolean done) {
        if (!done) {
            arrays.keySet().retainAll(before.keySet());
            Copies.overwrite(arrays, before);
        }
        before.values().forEach(NDArray::close);
        before = Map.of();
    }

    private NDArray get(String name, NDArray initial) {
        NDArray kept =
                arrays.computeIfAbsent(
                        name,
                        missing -> {
                            NDArray saved = waiting.remove(missing);
                            return saved == null ? Copies.of(initial, manager) : saved;
                        });
        if (!kept.getShape().equals(initial.getShape())
                || kept.getDataType() != initial.getDataType()) {
            throw new DeepDefenseException(
                    "What is kept as " + name + " has the shape " + kept.getShape(),
                    "ask for it with an array of that shape and type, or choose another name");
        }
        return kept;
    }

    private final class Part implements ObjectiveState {

        private final String prefix;

        Part(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public NDArray array(String name, NDArray initial) {
            return get(prefix + name, initial);
        }

        @Override
        public double number(String name, double initial) {
            return kept(name, initial).toDoubleArray()[0];
        }

        @Override
        public void setNumber(String name, double value) {
            kept(name, value).set(new double[] {value});
        }

        private NDArray kept(String name, double initial) {
            try (NDArray first = manager.create(new double[] {initial})) {
                return get(prefix + name + NUMBER, first);
            }
        }
    }
}
