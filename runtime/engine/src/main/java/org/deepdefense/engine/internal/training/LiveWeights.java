// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.network.LoadedNetwork;

/** The weights of the network in training, as its objective may use them. */
final class LiveWeights implements TrainedWeights {

    private final Map<String, NDArray> trained;
    private final Map<String, NDArray> others = new LinkedHashMap<>();
    private final NDManager manager;
    private final Autograd autograd;
    private boolean probing;

    /**
     * Takes the weights of a network.
     *
     * @param network the network; what it has besides the trained weights is put back after each
     *     probe
     * @param trained the weights that are trained
     * @param autograd differentiates
     */
    LiveWeights(LoadedNetwork network, Map<String, NDArray> trained, Autograd autograd) {
        this.trained = Collections.unmodifiableMap(trained);
        this.manager = network.manager();
        this.autograd = autograd;
        others.putAll(network.weights());
        others.keySet().removeAll(trained.keySet());
    }

    /** Tells whether a loss is evaluated that is not that of the step. */
    boolean isProbing() {
        return probing;
    }

    @Override
    public Map<String, NDArray> arrays() {
        return trained;
    }

    @Override
    public Map<String, NDArray> gradients(Supplier<NDArray> loss) {
        Map<String, NDArray> result = new LinkedHashMap<>();
        try (NDManager scratch = manager.newSubManager()) {
            Map<String, NDArray> before = Copies.of(others, scratch);
            probing = true;
            try {
                NDList gradients =
                        Autograd.recording(
                                true,
                                () -> autograd.gradients(loss.get(), new NDList(trained.values())));
                Iterator<NDArray> next = gradients.iterator();
                trained.keySet().forEach(name -> result.put(name, next.next()));
            } finally {
                probing = false;
                Copies.overwrite(others, before);
            }
        }
        return result;
    }

    @Override
    public WeightChange add(Map<String, NDArray> changes) {
        changes.forEach(this::check);
        NDManager scratch = manager.newSubManager();
        Map<String, NDArray> before = new LinkedHashMap<>(trained);
        before.keySet().retainAll(changes.keySet());
        Map<String, NDArray> kept = Copies.of(before, scratch);
        Autograd.withoutRecording(
                () -> changes.forEach((name, change) -> trained.get(name).addi(change)));
        return () -> {
            if (scratch.isOpen()) {
                Copies.overwrite(trained, kept);
                scratch.close();
            }
        };
    }

    /** Has all that the network knows put back when it is closed, whatever is done to it. */
    WeightChange keepAll() {
        Map<String, NDArray> all = new LinkedHashMap<>(trained);
        all.putAll(others);
        NDManager scratch = manager.newSubManager();
        Map<String, NDArray> kept = Copies.of(all, scratch);
        return () -> {
            Copies.overwrite(all, kept);
            scratch.close();
        };
    }

    private void check(String name, NDArray change) {
        NDArray weight = trained.get(name);
        if (weight == null || !weight.getShape().equals(change.getShape())) {
            throw new DeepDefenseException(
                    "No trained weight " + name + " has the shape " + change.getShape(),
                    "give a change of the shape of a weight, by its path");
        }
    }
}
