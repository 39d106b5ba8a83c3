// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepdefense.DeepDefenseException;

/** Compares what two requests depend on. */
final class Fingerprints {

    private Fingerprints() {}

    /**
     * Checks that a checkpoint belongs to a request. Parts that are known to one side only, such as
     * checksums of files that are not read yet, are not compared.
     *
     * @param name the name of the training
     * @param saved what the checkpoint depends on
     * @param wanted what the request depends on
     * @throws DeepDefenseException if they differ
     */
    static void requireEqual(String name, Map<String, String> saved, Map<String, String> wanted) {
        List<String> differences = new ArrayList<>();
        wanted.forEach(
                (part, value) -> {
                    String before = saved.get(part);
                    if (before == null ? saved.containsKey(part) : !before.equals(value)) {
                        differences.add(part + " " + before + ", now " + value);
                    }
                });
        saved.keySet().stream()
                .filter(part -> part.endsWith("plug-in") && !wanted.containsKey(part))
                .forEach(part -> differences.add("a " + part + ", now none"));
        if (!differences.isEmpty()) {
            throw new DeepDefenseException(
                    "Another training of the name "
                            + name
                            + " was interrupted ("
                            + String.join("; ", differences)
                            + ")",
                    "repeat it as it was to go on, discard its checkpoint, or choose another name");
        }
    }

    /**
     * Compares the code that a checkpoint was made by with that of now.
     *
     * @param saved what the checkpoint says
     * @param now the code of now
     * @return what has changed, by what users call it
     */
    static List<String> changed(Map<String, String> saved, Map<String, String> now) {
        return now.entrySet().stream()
                .filter(part -> !part.getValue().equals(saved.get(part.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Returns the code of which is not known whether it has changed.
     *
     * @param now the code of now
     * @return what users call it
     */
    static List<String> unknown(Map<String, String> now) {
        return now.entrySet().stream()
                .filter(part -> part.getValue().equals(TrainingCode.UNKNOWN))
                .map(Map.Entry::getKey)
                .toList();
    }
}
