// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the engine known to DJL before anybody uses it.
 *
 * <p>DJL looks for engines once, when its class {@code Engine} is initialised, through the context
 * class loader of the thread that happens to be first. So this bundle is the first, and starts at a
 * lower level than all bundles that use DJL. The native library is loaded later, on first use.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {

    private static final Logger logger = LoggerFactory.getLogger(Activator.class);

    /** Where neither a framework property nor a system property says otherwise. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    // Nothing is downloaded and nothing is reported without being asked to.
                    "ai.djl.offline", "true",
                    "OPT_OUT_TRACKING", "true",
                    "ai.djl.default_engine", PtEngine.ENGINE_NAME,
                    // The optimiser compiles anew for the first calls, and ours are few and varied.
                    "ai.djl.pytorch.graph_optimizer", "false",
                    // Work is spread over batches; threads within an operation only get in its way.
                    "ai.djl.pytorch.num_threads", "1",
                    "ai.djl.pytorch.num_interop_threads", "1");

    @Override
    public void start(BundleContext context) {
        // DJL reads nothing but system properties and the environment.
        DEFAULTS.forEach(
                (key, value) -> {
                    String given = context.getProperty(key);
                    if (System.getProperty(key) == null) {
                        System.setProperty(key, given == null ? value : given);
                    }
                });
        NativeCache.choose(context::getProperty);
        if (!ContextLoader.call(() -> Engine.hasEngine(PtEngine.ENGINE_NAME))) {
            logger.error(
                    "DJL was used before {} was started and found no engine: start it at a lower"
                            + " level than the bundles that use it, then restart the framework",
                    context.getBundle().getSymbolicName());
            return;
        }
        NativeLibrary library = NativeLibrary.find();
        List<Path> others = LoadedLibraries.find();
        if (!others.isEmpty()) {
            logger.error(NativeLibrary.occupied(others.get(0).toString()));
        } else if (library.available()) {
            logger.info("PyTorch is ready to be loaded for {}", library.platform());
        } else {
            logger.error(library.missing());
        }
    }

    @Override
    public void stop(BundleContext context) {
        // A native library cannot be unloaded; the engine stays for as long as the class loader.
    }
}
