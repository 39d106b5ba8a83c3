// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.work.Checksums;

/**
 * Tells one state of a network's code from another. A checksum of weights says nothing of the
 * architecture: that is a plug-in, or stands in the file of an imported network.
 */
public final class NetworkCode {

    private NetworkCode() {}

    /**
     * Returns a checksum of the code of a network.
     *
     * @param network the network
     * @param catalog the plug-ins
     * @return the checksum of its architecture, or those of its file and of all formats of such
     *     files, or nothing if some code is not from a bundle
     * @throws DeepDefenseException if its file can't be read
     */
    public static Optional<String> checksum(LoadedNetwork network, PluginCatalog catalog) {
        Optional<Path> file = network.modelFile();
        if (file.isEmpty()) {
            return catalog.findModel(network.model()).flatMap(catalog::codeChecksum);
        }
        List<String> parts = new ArrayList<>();
        try {
            parts.add(Checksums.of(file.get()));
        } catch (IOException e) {
            throw new DeepDefenseException(
                    file.get() + " can't be read (" + e.getMessage() + ")",
                    "leave the file where it is until the work is done",
                    e);
        }
        for (PluginUse<?> format : catalog.formats()) {
            Optional<String> code = catalog.codeChecksum(format);
            if (code.isEmpty()) {
                return code;
            }
            parts.add(code.get());
        }
        return Optional.of(String.join(" ", parts));
    }
}
