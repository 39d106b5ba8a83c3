package org.deepdefense.launcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCacheTest {

    @TempDir Path parent;

    @Test
    void everyProcessHasItsOwn() throws IOException {
        try (PrivateCache first = PrivateCache.create(parent);
                PrivateCache second = PrivateCache.create(parent)) {
            assertNotEquals(first.directory(), second.directory());
        }
    }

    @Test
    void goesWithAllThatIsInItAndMayBeClosedTwice() throws IOException {
        PrivateCache cache = PrivateCache.create(parent);
        Files.createDirectories(cache.directory().resolve("felix").resolve("bundle1"));
        Files.writeString(cache.directory().resolve("felix").resolve("bundle1").resolve("x"), "x");
        cache.close();
        cache.close();
        try (Stream<Path> left = Files.list(parent)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Files.createFile(abandoned.resolve("process.lock"));
        Files.writeString(abandoned.resolve("x"), "x");
        Path foreign = Files.createDirectory(parent.resolve("deepdefense-osgi-2"));
        Path other = Files.createDirectory(parent.resolve("another"));
        PrivateCache.removeAbandoned(parent, Instant.now().plusSeconds(60));
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(foreign), "has no lock, so it is not known whose it is");
        assertTrue(Files.exists(other));
    }

    @Test
    void whatIsYoungMayBeAboutToBeLocked() throws IOException {
        Path young = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Files.createFile(young.resolve("process.lock"));
        PrivateCache.removeAbandoned(parent, Instant.now().minusSeconds(60));
        assertTrue(Files.exists(young));
    }
}
