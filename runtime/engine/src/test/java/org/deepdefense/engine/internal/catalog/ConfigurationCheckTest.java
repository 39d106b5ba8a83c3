// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationCheckTest {

    /** What can be set. */
    @interface Some {

        /** Returns a number. */
        int steps() default 40;

        /** Returns another. */
        double epsilon() default 0.1;
    }

    private final ConfigurationCheck check =
            new ConfigurationCheck(
                    "x.cfg",
                    Set.of("deepdefense.name"),
                    Parameters.attributes(Some.class, Map.of()));

    @Test
    void whatIsRightIsNoProblem() {
        assertEquals(
                List.of(),
                check.problems(
                        Map.of(
                                "deepdefense.name", "strong",
                                "steps", "200",
                                "epsilon", 0.5,
                                "service.ranking", 3,
                                "service.pid", "x",
                                "felix.fileinstall.filename", "file:/x.cfg",
                                "images.target", "(a=b)",
                                ".private", "p")));
    }

    @Test
    void aMistypedNameAndAValueThatCannotBeAreNamed() {
        assertEquals(
                List.of(
                        "x.cfg has no effect with \"deepdefense.nmae\": it takes epsilon, steps",
                        "The value \"many\" is not allowed for parameter \"steps\" of x.cfg: give"
                                + " a whole number; until then it is 40",
                        "x.cfg has no effect with \"stpes\": did you mean \"steps\"? it takes"
                                + " epsilon, steps"),
                check.problems(
                        Map.of("stpes", "200", "steps", "many", "deepdefense.nmae", "strong")));
    }

    @Test
    void arraysAreShownByTheirElements() {
        assertEquals(
                List.of(
                        "The value \"[1, 2]\" is not allowed for parameter \"steps\" of x.cfg: give"
                                + " a whole number; until then it is 40"),
                check.problems(Map.of("steps", new int[] {1, 2})));
        assertEquals(List.of(), check.problems(Map.of("steps", new int[] {3})));
    }

    @Test
    void aFileWithTheHyphensOfAPluginIsNotForTheOther() {
        Map<String, String> known =
                Map.of("pgd", "d.attack.pgd", "pgd-l2", "d.attack.pgd_l2", "l2-x", "d.attack.l2_x");
        assertEquals(
                Optional.of("d.attack.pgd_l2"),
                ConfigurationFiles.meant("d.attack.pgd-l2.cfg", "d.attack.pgd", known));
        assertEquals(
                Optional.of("d.attack.pgd_l2"),
                ConfigurationFiles.meant("d.attack.pgd-l2-strong.cfg", "d.attack.pgd", known));
        assertEquals(
                Optional.of("d.attack.l2_x"),
                ConfigurationFiles.meant("d.attack.l2-x.cfg", "d.attack.l2", known));
        for (String right :
                List.of("d.attack.pgd.cfg", "d.attack.pgd-strong.cfg", "d.attack.pgd-l2x.cfg")) {
            assertEquals(Optional.empty(), ConfigurationFiles.meant(right, "d.attack.pgd", known));
        }
        assertEquals(
                Optional.empty(),
                ConfigurationFiles.meant("d.attack.pgd_l2-x.cfg", "d.attack.pgd_l2", known));
    }

    @Test
    void aFileThatNoConfigurationWasMadeOfIsNamed(@TempDir Path directory) throws IOException {
        Path read = Files.createFile(directory.resolve("org.example.Read-a.cfg"));
        Path unread = Files.createFile(directory.resolve("org.example.Unread-b.cfg"));
        Files.createFile(directory.resolve("org.other.Unread.cfg"));
        Files.createFile(directory.resolve("org.example.txt"));
        for (Path file : List.of(read, unread)) {
            assertTrue(file.toFile().setLastModified(0));
        }
        ConfigurationFiles files =
                new ConfigurationFiles("/no/such/place, " + directory, Duration.ofMinutes(1));
        Set<String> known = Set.of(new File(read.toString()).toURI().toString());
        assertEquals(
                List.of(
                        "org.example.Unread-b.cfg is not in force, because it could not be read:"
                                + " correct it (the log says what is wrong), or remove it"),
                files.unread(known, pid -> pid.startsWith("org.example.")));
        Files.createFile(directory.resolve("org.example.New.cfg"));
        assertEquals(1, files.unread(known, pid -> pid.startsWith("org.example.")).size());
    }
}
