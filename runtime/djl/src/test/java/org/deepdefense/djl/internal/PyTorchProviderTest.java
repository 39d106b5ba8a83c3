package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

class PyTorchProviderTest {

    @Test
    void loadsTheEngineInAThreadWithoutAContextClassLoader() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            Engine engine = new PyTorchProvider().getEngine();
            assertEquals("PyTorch", engine.getEngineName());
            assertNull(thread.getContextClassLoader());
            assertSame(engine, new PyTorchProvider().getEngine());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
