// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

class HomeTest {

    @TempDir private Path directory;

    @Test
    void directoriesAreAbsolute() {
        Home home = new Home(Path.of("some", "..", "home"));
        assertEquals(Path.of("home", "networks").toAbsolutePath(), home.networks());
    }

    @Test
    void theFrameworkPropertyNamesTheDirectory() {
        BundleContext context =
                (BundleContext)
                        Proxy.newProxyInstance(
                                HomeTest.class.getClassLoader(),
                                new Class<?>[] {BundleContext.class},
                                (proxy, method, arguments) ->
                                        arguments[0].equals("deepdefense.home")
                                                ? directory.toString()
                                                : null);
        assertEquals(directory.resolve("cache"), new Home(context).cache());
    }
}
