// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deepdefense.benchmarks.internal.Benchmarks.Name;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarksTest {

    private static List<Name> names(String... args) {
        CommandLine commandLine = Benchmarks.commandLine();
        commandLine.parseArgs(args);
        return commandLine.<Benchmarks>getCommand().names();
    }

    @Test
    void runsThoseNamedInTheirOrder() {
        assertEquals(List.of(Name.PGD, Name.STEPS), names("--rounds", "3", "pgd", "Steps"));
    }

    @Test
    void runsAllWithoutNames() {
        assertEquals(List.of(Name.values()), names());
    }

    @Test
    void namesWhatItDoesNotKnow() {
        CommandLine.ParameterException failure =
                assertThrows(CommandLine.ParameterException.class, () -> names("speed"));

        assertTrue(failure.getMessage().contains("speed"), failure.getMessage());
    }
}
