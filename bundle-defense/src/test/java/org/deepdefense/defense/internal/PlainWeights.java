// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.deepdefense.defense.TrainedWeights;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.djl.Autograd;

/** Weights of a network without a training loop. */
record PlainWeights(Map<String, NDArray> arrays) implements TrainedWeights {

    @Override
    public Map<String, NDArray> gradients(Supplier<NDArray> loss) {
        Map<String, NDArray> result = new LinkedHashMap<>();
        try (Autograd autograd = new Autograd()) {
            NDList gradients =
                    Autograd.recording(
                            true,
                            () -> autograd.gradients(loss.get(), new NDList(arrays.values())));
            Iterator<NDArray> next = gradients.iterator();
            arrays.keySet().forEach(name -> result.put(name, next.next()));
        }
        return result;
    }

    @Override
    public WeightChange add(Map<String, NDArray> changes) {
        Map<String, NDArray> before = new LinkedHashMap<>();
        Autograd.withoutRecording(
                () ->
                        changes.forEach(
                                (name, change) -> {
                                    before.put(name, arrays.get(name).duplicate());
                                    arrays.get(name).addi(change);
                                }));
        return () ->
                Autograd.withoutRecording(
                        () ->
                                before.forEach(
                                        (name, values) ->
                                                arrays.get(name).set(new NDIndex("..."), values)));
    }
}
