// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.network.Networks;

/** Checks what a request says about networks, before a job is made of it. */
public final class Sources {

    private Sources() {}

    /**
     * Checks that a network is there; reading it is left to the job.
     *
     * @param source the network
     * @param catalog the architectures
     * @param networks the saved networks
     * @throws DeepDefenseException if there is no such name or file
     */
    public static void check(NetworkSource source, PluginCatalog catalog, Networks networks) {
        if (source instanceof NetworkSource.Saved saved) {
            networks.get(saved.name());
        } else if (source instanceof NetworkSource.Weights weights) {
            catalog.model(weights.model());
            checkFile(weights.file());
        } else if (source instanceof NetworkSource.ModelFile file) {
            checkFile(file.file());
        } else if (source instanceof NetworkSource.Untrained untrained) {
            catalog.model(untrained.model());
        }
    }

    private static void checkFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DeepDefenseException(
                    "There is no file " + file.toAbsolutePath(), "name a file that exists");
        }
    }

    /**
     * Adds the architecture of a network to the plug-ins of a record, if it is a registered one.
     *
     * @param source the network
     * @param catalog the architectures
     * @param networks the saved networks
     * @param plugins plug-ins by role
     */
    public static void addModel(
            NetworkSource source,
            PluginCatalog catalog,
            Networks networks,
            Map<String, Provenance.Plugin> plugins) {
        Optional<String> model = Optional.empty();
        if (source instanceof NetworkSource.Saved saved) {
            model = Optional.of(networks.get(saved.name()).model());
        } else if (source instanceof NetworkSource.Weights weights) {
            model = Optional.of(weights.model());
        } else if (source instanceof NetworkSource.Untrained untrained) {
            model = Optional.of(untrained.model());
        }
        model.flatMap(catalog::findModel).ifPresent(use -> plugins.put("model", use.provenance()));
    }
}
