// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import java.util.function.Supplier;

/** Runs code with this bundle's class loader as the thread's context class loader. */
final class ContextLoader {

    private ContextLoader() {}

    static <T> T call(Supplier<T> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ContextLoader.class.getClassLoader());
        try {
            return code.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
