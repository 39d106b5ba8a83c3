// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.cm.Configuration;

/**
 * A configuration as it was at one moment.
 *
 * @param name its own PID
 * @param pid what it configures: its factory PID, or else its own
 * @param properties what it says
 */
record Configured(String name, String pid, Map<String, Object> properties) {

    /** Reads a configuration, unless it is deleted meanwhile. */
    static Optional<Configured> of(Configuration configuration) {
        try {
            String name = configuration.getPid();
            String factory = configuration.getFactoryPid();
            Map<String, Object> properties = new HashMap<>();
            Dictionary<String, Object> dictionary = configuration.getProperties();
            if (dictionary != null) {
                Collections.list(dictionary.keys())
                        .forEach(key -> properties.put(key, dictionary.get(key)));
            }
            return Optional.of(new Configured(name, factory == null ? name : factory, properties));
        } catch (IllegalStateException deleted) {
            return Optional.empty();
        }
    }
}
