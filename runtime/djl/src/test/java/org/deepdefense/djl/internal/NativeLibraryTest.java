// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

    private static final NativeLibrary.Archive LINUX =
            new NativeLibrary.Archive("2.7.1", "cpu", "linux-x86_64", List.of("libtorch.so"));
    private static final Path CACHE = Path.of("cache", "pytorch");

    @Test
    void platformsAreNamedAsDjlNamesThem() {
        assertEquals("linux-x86_64", NativeLibrary.platform("Linux", "amd64"));
        assertEquals("linux-aarch64", NativeLibrary.platform("Linux", "aarch64"));
        assertEquals("osx-aarch64", NativeLibrary.platform("Mac OS X", "aarch64"));
        assertEquals("win-x86_64", NativeLibrary.platform("Windows 11", "amd64"));
    }

    @Test
    void theLibraryOfTheTestsIsFound() {
        NativeLibrary library = NativeLibrary.find();
        assertTrue(library.available(), library.toString());
    }

    @Test
    void namesTheFragmentThatIsMissingAndTheOnesThatAreThere() {
        NativeLibrary library = new NativeLibrary("osx-aarch64", List.of(LINUX), null);
        assertFalse(library.available());
        String message = library.diagnose(new EngineException("download failed"), CACHE);
        assertTrue(message.contains("org.deepdefense.djl.native.osx-aarch64"), message);
        assertTrue(message.contains("-Dnative.classifier=osx-aarch64"), message);
        assertTrue(message.contains("installed: cpu-linux-x86_64"), message);
    }

    @Test
    void aDirectoryGivenByHandNeedsNoFragment() {
        assertTrue(new NativeLibrary("osx-aarch64", List.of(), "/opt/torch").available());
    }

    @Test
    void otherFailuresAreReportedWithTheirRootCauseAndPlace() {
        NativeLibrary library = new NativeLibrary("linux-x86_64", List.of(LINUX), null);
        String message =
                library.diagnose(
                        new EngineException("wrapped", new IOException("No space left on device")),
                        CACHE);
        assertTrue(message.contains("No space left on device"), message);
        assertTrue(message.contains(CACHE.toString()), message);
        assertTrue(message.contains("DJL_CACHE_DIR"), message);
    }

    @Test
    void aFileThatCannotBeLoadedIsNoReasonForAnotherDirectory() {
        NativeLibrary library = new NativeLibrary("linux-x86_64", List.of(LINUX), null);
        String message = library.diagnose(new UnsatisfiedLinkError("file too short"), CACHE);
        assertTrue(message.contains("delete " + CACHE), message);
        assertFalse(message.contains("DJL_CACHE_DIR"), message);
    }
}
