package org.deepdefense.djl.internal;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Loads the PyTorch engine when it is first asked for, from whatever thread.
 *
 * <p>DJL looks for its native libraries through the thread's context class loader, which in OSGi
 * sees nothing of DJL; here it is this bundle's for as long as the loading takes. This jar comes
 * before DJL's own on the bundle's class path, so this provider is registered in place of DJL's.
 */
public final class PyTorchProvider implements EngineProvider {

    private final EngineProvider delegate = new PtEngineProvider();
    private Engine engine;

    @Override
    public String getEngineName() {
        return delegate.getEngineName();
    }

    @Override
    public int getEngineRank() {
        return delegate.getEngineRank();
    }

    @Override
    public synchronized Engine getEngine() {
        if (engine == null) {
            engine = load();
            // DJL turns recording off in the thread that happens to load the engine, and leaves it
            // on in all others; what a thread can do must not depend on who came first.
            JniUtils.setGradMode(true);
        }
        return engine;
    }

    private Engine load() {
        try {
            return ContextLoader.call(delegate::getEngine);
        } catch (EngineException | LinkageError | AssertionError e) {
            throw new EngineException(NativeLibrary.find().diagnose(e), e);
        }
    }
}
