// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
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
            assertTrue(JniUtils.isGradMode(), "as in every other thread");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
