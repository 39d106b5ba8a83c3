// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    void isTheUsersAloneUnderANameThatCannotBeGuessed() throws IOException {
        assumeTrue(Files.getFileStore(parent).supportsFileAttributeView("posix"));
        try (PrivateCache cache = PrivateCache.create(parent)) {
            assertEquals(
                    PosixFilePermissions.fromString("rwx------"),
                    Files.getPosixFilePermissions(cache.directory()));
            String name = cache.directory().getFileName().toString();
            assertTrue(name.matches("deepdefense-osgi-\\d{10,}"), name);
        }
    }

    @Test
    void mayVanishWhileItIsUsed() throws IOException {
        PrivateCache cache = PrivateCache.create(parent);
        Files.delete(cache.directory().resolve("process.lock"));
        Files.delete(cache.directory());
        cache.close();
        assertFalse(Files.exists(cache.directory()));
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Files.createFile(abandoned.resolve("process.lock"));
        Files.writeString(abandoned.resolve("x"), "x");
        Path foreign = Files.createDirectory(parent.resolve("deepdefense-osgi-2"));
        Path other = Files.createDirectory(parent.resolve("another"));
        removeAbandoned();
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(foreign), "has no lock, so it is not known whose it is");
        assertTrue(Files.exists(other));
    }

    @Test
    @Timeout(60)
    void whatOthersPutThereIsNeitherOpenedNorRemoved() throws Exception {
        Path pipe = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Path lock = pipe.resolve("process.lock");
        assumeTrue(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor() == 0);
        Path precious = Files.createDirectory(parent.resolve("precious"));
        Files.createFile(precious.resolve("process.lock"));
        Path link = Files.createSymbolicLink(parent.resolve("deepdefense-osgi-2"), precious);
        Path lockLink = Files.createDirectory(parent.resolve("deepdefense-osgi-3"));
        Files.createSymbolicLink(
                lockLink.resolve("process.lock"), precious.resolve("process.lock"));
        removeAbandoned();
        assertTrue(Files.exists(lock));
        assertTrue(Files.exists(link));
        assertTrue(Files.exists(lockLink));
        assertTrue(Files.exists(precious.resolve("process.lock")));
    }

    @Test
    void whatAnotherUserLeftIsHis() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Files.createFile(abandoned.resolve("process.lock"));
        PrivateCache.removeAbandoned(parent, () -> "somebody else", Instant.now().plusSeconds(60));
        assertTrue(Files.exists(abandoned));
    }

    @Test
    void whatIsYoungMayBeAboutToBeLocked() throws IOException {
        Path young = Files.createDirectory(parent.resolve("deepdefense-osgi-1"));
        Files.createFile(young.resolve("process.lock"));
        PrivateCache.removeAbandoned(
                parent, Files.getOwner(parent), Instant.now().minusSeconds(60));
        assertTrue(Files.exists(young));
    }

    private void removeAbandoned() throws IOException {
        PrivateCache.removeAbandoned(parent, Files.getOwner(parent), Instant.now().plusSeconds(60));
    }
}
