// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.engine.Engine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.engine.internal.network.NetworkCode;
import org.deepdefense.engine.internal.work.Versions;

/**
 * The code that a training depends on, known by its content as that of results is. A training that
 * went on with other code would end with a network that no code makes.
 */
final class TrainingCode {

    /** What is not known may have changed or not. */
    static final String UNKNOWN = "unknown";

    private TrainingCode() {}

    /**
     * Returns what tells the code from another state of it.
     *
     * @param plan the training
     * @param network the network that is trained
     * @param catalog the plug-ins
     * @return checksums and versions, by what users call the code
     */
    static Map<String, String> of(TrainingPlan plan, LoadedNetwork network, PluginCatalog catalog) {
        Map<String, String> code = new LinkedHashMap<>();
        Map<String, String> versions = Versions.all();
        code.put("the engine", catalog.engineChecksum().orElse(versions.get("deepdefense")));
        code.put("DJL", versions.get("djl"));
        code.put("PyTorch", versions.get("pytorch"));
        code.put("the device", Engine.getInstance().defaultDevice().toString());
        add(plan.defense(), catalog, code);
        plan.modifiers().forEach(modifier -> add(modifier, catalog, code));
        plan.validationAttack().ifPresent(attack -> add(attack, catalog, code));
        plan.attack().ifPresent(attack -> add(attack, catalog, code));
        add(plan.dataset(), catalog, code);
        code.put(
                "network " + network.model(),
                NetworkCode.checksum(network, catalog).orElse(UNKNOWN));
        return code;
    }

    private static void add(PluginUse<?> use, PluginCatalog catalog, Map<String, String> code) {
        Optional<String> checksum = catalog.codeChecksum(use);
        code.put(use.toString(), checksum.orElse(UNKNOWN));
    }
}
