// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.model.ModelFormat;

/**
 * Where an imported network comes from, and how it becomes a file again.
 *
 * @param file the file
 * @param format its format
 */
record ImportedModel(Path file, PluginUse<ModelFormat> format) {

    /** Returns the end of the file's name, behind the last dot. */
    String extension() {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /**
     * Loads the network.
     *
     * @param owner the owner of its arrays
     * @return the block
     * @throws DeepDefenseException if the file is damaged or can't be read
     */
    Block load(NDManager owner) {
        return load(file, owner);
    }

    private Block load(Path from, NDManager owner) {
        return format.call(
                () -> {
                    try {
                        return format.service().load(from, owner);
                    } catch (IOException e) {
                        throw unreadable(from, e);
                    }
                });
    }

    /**
     * Writes the network with its present weights, and reads them again.
     *
     * @param block what {@link #load} returned
     * @param target where to
     * @throws IOException if it can't be written, or other weights are read than were written
     */
    void write(Block block, Path target) throws IOException {
        AtomicFiles.writeDurably(target, stream -> format.service().write(block, stream));
        try (NDManager scratch = NDManager.newBaseManager()) {
            if (!weights(load(target, scratch)).equals(weights(block))) {
                throw new IOException(target + " has other weights than the network");
            }
        }
    }

    private static Map<String, NDArray> weights(Block block) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : ParameterPaths.of(block).entrySet()) {
            weights.put(entry.getKey(), entry.getValue().getArray());
        }
        return weights;
    }

    /** Returns the error about a file that can't be read. */
    static DeepDefenseException unreadable(Path file, IOException error) {
        return new DeepDefenseException(
                file + " can't be read (" + error.getMessage() + ")",
                "check the file and its permissions",
                error);
    }
}
