// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds reference values and data that are not part of the source tree. */
public final class Shared {

    private static final String PROPERTY = "deepdefense.shared";

    private Shared() {}

    /**
     * Returns a file or directory, or skips the test where there is none.
     *
     * @param path where it is below the directory that the system property {@code
     *     deepdefense.shared} names
     * @return an existing path
     */
    public static Path require(String path) {
        String directory = System.getProperty(PROPERTY);
        if (directory == null) {
            Assumptions.abort("Skipped: the system property " + PROPERTY + " is not set");
        }
        Path file = Path.of(directory).resolve(path);
        if (!Files.exists(file)) {
            Assumptions.abort("Skipped: there is no " + file);
        }
        return file;
    }
}
