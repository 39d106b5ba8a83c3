// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Loads the PyTorch engine when it is first asked for, from whatever thread, if no PyTorch is in
 * the process yet.
 *
 * <p>DJL looks for its native libraries through the thread's context class loader, which in OSGi
 * sees nothing of DJL; here it is this bundle's for as long as the loading takes. This jar comes
 * before DJL's own on the bundle's class path, so this provider is registered in place of DJL's.
 */
public final class PyTorchProvider implements EngineProvider {

    private static final EngineProvider DELEGATE = new PtEngineProvider();

    /** The one of this class loader, as the native library is. */
    private static Engine engine;

    private static boolean claimed;

    @Override
    public String getEngineName() {
        return DELEGATE.getEngineName();
    }

    @Override
    public int getEngineRank() {
        return DELEGATE.getEngineRank();
    }

    @Override
    public Engine getEngine() {
        synchronized (PyTorchProvider.class) {
            if (engine == null) {
                engine = load();
                // DJL turns recording off in the thread that happens to load the engine, and leaves
                // it on in all others; what a thread can do must not depend on who came first.
                JniUtils.setGradMode(true);
                NativeLog.configure();
            }
            return engine;
        }
    }

    private static Engine load() {
        NativeLibrary library = NativeLibrary.find();
        NativeCache cache = NativeCache.current();
        if (!claimed) {
            String other = LoadedLibraries.claim(library.override());
            if (other != null) {
                throw new EngineException(NativeLibrary.occupied(other));
            }
            claimed = true;
        }
        try {
            return cache.around(library, () -> ContextLoader.call(DELEGATE::getEngine));
        } catch (EngineException | LinkageError | AssertionError e) {
            claimed = LoadedLibraries.keep();
            throw new EngineException(library.diagnose(e, cache.directory()), e);
        }
    }
}
