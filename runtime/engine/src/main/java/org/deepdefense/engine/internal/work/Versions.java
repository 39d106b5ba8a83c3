// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import ai.djl.engine.Engine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The versions of the software that a result depends on. */
public final class Versions {

    private Versions() {}

    /**
     * Returns the versions of this software, DJL, PyTorch and Java.
     *
     * @return versions by component
     */
    public static Map<String, String> all() {
        Map<String, String> versions = new LinkedHashMap<>();
        Bundle bundle = FrameworkUtil.getBundle(Versions.class);
        versions.put(
                "deepdefense", bundle == null ? "not a bundle" : bundle.getVersion().toString());
        versions.put("djl", Engine.getDjlVersion());
        Engine engine = Engine.getInstance();
        versions.put("pytorch", engine.getVersion());
        versions.put("java", Runtime.version().toString());
        return versions;
    }
}
