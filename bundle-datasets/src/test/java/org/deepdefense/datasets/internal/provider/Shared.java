// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.datasets.internal.provider;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real data that stands beside the project on machines that have it. */
final class Shared {

    private Shared() {}

    /** Returns a directory of it; without it the test is skipped. */
    static Path directory(String name) {
        Path directory = Path.of(System.getProperty("deepdefense.shared", "")).resolve(name);
        assumeTrue(Files.isDirectory(directory), () -> directory + " is missing");
        return directory;
    }
}
