package org.deepdefense.engine.internal.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
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

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = directory.resolve("deep").resolve("file.json");
        AtomicFiles.write(file, stream -> stream.write('a'));
        assertThrows(
                DeepDefenseException.class,
                () ->
                        AtomicFiles.write(
                                file,
                                stream -> {
                                    stream.write('b');
                                    throw new IOException("the disk is full");
                                }));
        assertEquals("a", Files.readString(file));
        try (Stream<Path> entries = Files.list(file.getParent())) {
            assertEquals(List.of(file), entries.toList());
        }
    }
}
