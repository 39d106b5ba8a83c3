// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {

    @TempDir Path directory;

    /** The smallest file of the tests' library, as if it were all. */
    private final NativeLibrary library = small(NativeLibrary.find());

    private static NativeLibrary small(NativeLibrary library) {
        NativeLibrary.Archive all = library.archive().orElseThrow();
        return new NativeLibrary(
                library.platform(),
                List.of(
                        new NativeLibrary.Archive(
                                all.version(),
                                all.flavor(),
                                all.classifier(),
                                List.of(System.mapLibraryName("c10")))),
                null);
    }

    private Path unpack(NativeCache cache) throws IOException {
        NativeLibrary.Archive archive = library.attached().get(0);
        Path place = Files.createDirectories(cache.place(archive));
        String name = archive.files().get(0);
        String resource = "pytorch/" + archive.flavor() + "/" + archive.classifier() + "/" + name;
        try (InputStream in = getClass().getClassLoader().getResourceAsStream(resource)) {
            Files.copy(in, place.resolve(name));
        }
        return place.resolve(name);
    }

    @Test
    void isTheUsersCacheWhateverTheHome() {
        Properties system = new Properties();
        system.setProperty("user.home", "/home/x");
        assertEquals(
                Path.of("/home/x/.cache/deepdefense/djl"), NativeCache.standard(Map.of(), system));
        assertEquals(
                Path.of("/scratch/deepdefense/djl"),
                NativeCache.standard(Map.of("XDG_CACHE_HOME", "/scratch"), system));
    }

    @Test
    void followsTheHomeWhereTheUsersCacheCannotBeWritten() throws IOException {
        Map<String, String> settings = Map.of("deepdefense.home", "home");
        Path writable = directory.resolve("cache").resolve("djl");
        assertEquals(writable.toString(), NativeCache.chosen(settings::get, writable));

        Path impossible = Files.createFile(directory.resolve("file")).resolve("djl");
        assertEquals(
                Path.of("home", "cache", "djl").toString(),
                NativeCache.chosen(settings::get, impossible));
        assertNull(NativeCache.chosen(key -> null, impossible));
        assertEquals("given", NativeCache.chosen(Map.of("DJL_CACHE_DIR", "given")::get, writable));
    }

    @Test
    void oneProcessUnpacksAtATime() {
        NativeCache cache = new NativeCache(directory, true);
        cache.around(
                library,
                () -> {
                    try (FileChannel other =
                            FileChannel.open(
                                    directory.resolve("unpack.lock"), StandardOpenOption.WRITE)) {
                        return assertThrows(OverlappingFileLockException.class, other::tryLock);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void whatIsWholeIsUsedWithoutWaiting() throws IOException {
        NativeCache cache = new NativeCache(directory, true);
        Path file = unpack(cache);
        assertTrue(cache.around(library, () -> Files.exists(file)));
        assertFalse(Files.exists(directory.resolve("unpack.lock")));
    }

    @Test
    void whatIsNotWholeIsUnpackedAnew() throws IOException {
        NativeCache cache = new NativeCache(directory, true);
        Path file = unpack(cache);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1000);
        }
        assertFalse(cache.around(library, () -> Files.exists(file)));
    }

    @Test
    void whatAKilledProcessUnpackedIsRemovedWhereNobodyElseUnpacks() throws IOException {
        Path litter = Files.createDirectories(directory.resolve("tmp123"));
        Files.writeString(litter.resolve("libtorch.so"), "part");
        Path file = unpack(new NativeCache(directory, true));
        Path jni = Files.writeString(file.resolveSibling("jni123tmp"), "part");

        assertTrue(new NativeCache(directory, false).around(library, () -> Files.exists(litter)));
        assertFalse(new NativeCache(directory, true).around(library, () -> Files.exists(litter)));
        assertFalse(Files.exists(jni));
        assertTrue(Files.exists(file));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsDjlsToComplainAbout() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(7, new NativeCache(file, true).around(library, () -> 7));
    }
}
