// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.network.LoadedNetwork;

/** Copies of arrays that outlive the scope in which they are made. */
final class Copies {

    private Copies() {}

    /** Returns a copy without a graph that belongs to a manager. */
    static NDArray of(NDArray array, NDManager owner) {
        NDArray copy = array.stopGradient().duplicate();
        NDScope.unregister(copy);
        copy.attach(owner);
        return copy;
    }

    /** Returns copies of arrays, by the same names. */
    static Map<String, NDArray> of(Map<String, NDArray> arrays, NDManager owner) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        arrays.forEach((name, array) -> copies.put(name, of(array, owner)));
        return copies;
    }

    /** Overwrites the targets of these names. */
    static void overwrite(Map<String, NDArray> targets, Map<String, NDArray> copies) {
        Autograd.withoutRecording(
                () ->
                        copies.forEach(
                                (name, copy) -> LoadedNetwork.overwrite(targets.get(name), copy)));
    }
}
