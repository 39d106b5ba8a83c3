// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeFalse;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deepdefense.itests.hostile.Hostile;
import org.junit.Test;

/** The start script of the distribution, as a user runs it. */
public class StartScriptIT extends StartScriptTest {

    @Test
    public void runsACommandFromAnyDirectoryThroughALinkAndCleansUp() throws Exception {
        Path link = folder.newFolder("with blank").toPath().resolve("dd");
        Files.createSymbolicLink(link, script());
        Map<Path, Long> before = installation();
        Outcome outcome = run(Map.of(), link.toString(), "--home", home(), "help");
        assertEquals(outcome.err(), 0, outcome.code());
        assertTrue(outcome.out(), outcome.out().contains("evaluate"));
        assertEquals("the installation is only read", before, installation());
        assertEquals(List.of(), caches());
    }

    @Test
    public void keepsTheConsoleCleanAndLogsToTheHome() throws Exception {
        Outcome outcome = run(Map.of(), script().toString(), "--home", home(), "help");
        assertEquals("", outcome.err());
        assertFalse(outcome.out(), outcome.out().contains("INFO"));
        assertTrue(Files.size(Path.of(home(), "log", "deepdefense.log")) > 0);
    }

    @Test
    public void aLogThatCannotBeWrittenIsNoConcernOfTheCommand() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(full + " is there", Files.exists(full));
        Path log = Files.createDirectories(Path.of(home(), "log")).resolve("deepdefense.log");
        Files.createSymbolicLink(log, full);
        Outcome outcome = run(Map.of(), script().toString(), "--home", home(), "models");
        assertEquals(outcome.err(), 0, outcome.code());
        assertEquals("", outcome.err());
        assertTrue(outcome.out(), outcome.out().startsWith("NAME"));
        assertFalse(outcome.out(), outcome.out().contains("No space left"));
    }

    @Test
    public void newerVersionsOfJavaDoNotWarn() throws Exception {
        List<Path> others = newerVersionsOfJava();
        assumeFalse("no JDK after 17 beside this one", others.isEmpty());
        String train =
                " train --model mlp --dataset digits --defense reference --epochs 1 --limit 32"
                        + " --overwrite --save quick";
        for (Path java : others) {
            Outcome outcome = run(Map.of("JAVA_HOME", java.toString()), command(train));
            assertEquals(outcome.err(), 0, outcome.code());
            assertFalse(outcome.err(), outcome.err().contains("WARNING"));
        }
    }

    private static List<Path> newerVersionsOfJava() throws IOException {
        try (Stream<Path> siblings =
                Files.list(Path.of(System.getProperty("java.home")).toRealPath().getParent())) {
            List<Path> newer = new ArrayList<>();
            for (Path sibling : siblings.toList()) {
                Path release = sibling.resolve("release");
                if (Files.exists(release)
                        && Files.readString(release).matches("(?s).*JAVA_VERSION=\"[2-9]\\d.*")) {
                    newer.add(sibling);
                }
            }
            return newer;
        }
    }

    @Test
    public void anUnknownCommandFailsInOneLine() throws Exception {
        Outcome outcome = run(Map.of(), script().toString(), "--home", home(), "no-such-command");
        assertTrue(outcome.code() != 0);
        assertEquals(outcome.err(), 1, outcome.err().strip().lines().count());
        assertTrue(outcome.err(), outcome.err().contains("no-such-command"));
    }

    @Test
    public void twoProcessesShareAHome() throws Exception {
        Running first = start(Map.of(), script().toString(), "--home", home(), "help");
        Running second = start(Map.of(), script().toString(), "--home", home(), "help");
        assertEquals(0, first.await().code());
        assertEquals(0, second.await().code());
    }

    private Outcome script(Map<String, String> env, String lines) throws Exception {
        return run(env, "bash", "-c", "printf '" + lines + "' | " + script() + " --home " + home());
    }

    @Test
    public void commandsOnStandardInputAreAScript() throws Exception {
        Outcome all =
                script(
                        Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor"),
                        "# two\\n\\nversion\\nnetworks # none yet\\nexit\\nnonsense\\n");
        assertEquals(all.err(), 0, all.code());
        assertTrue(all.out(), all.out().startsWith("Deep Defense "));
        assertTrue(all.out(), all.out().contains("No network is saved yet"));
        assertFalse(all.out(), all.out().contains("dd>") || all.out().contains("\u001b"));
        assertEquals("", all.err());

        Outcome some = script(Map.of(), "version\\nevaluate nothing\\nnetworks\\n");
        assertEquals(1, some.code());
        assertFalse(some.out(), some.out().contains("No network is saved"));
        assertEquals(some.err(), 1, some.err().strip().lines().count());
    }

    @Test
    public void localesWithoutUnicodeGetAscii() throws Exception {
        Outcome outcome = script(Map.of("LC_ALL", "C"), "attacks\\ntable\\n");
        assertEquals(2, outcome.code());
        assertTrue(outcome.out(), outcome.out().contains("Linf"));
        String all = outcome.out() + outcome.err();
        assertTrue(all, all.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));

        Outcome unicode = run(Map.of("LC_ALL", "C.UTF-8"), command(" attacks"));
        assertTrue(unicode.out(), unicode.out().contains("L∞"));
    }

    @Test
    public void dataGoToStandardOutputAloneAndThroughLinks() throws Exception {
        Outcome outcome = run(Map.of(), command(" models --json -"));
        assertEquals(outcome.err(), 0, outcome.code());
        assertTrue(outcome.out(), outcome.out().startsWith("[\n  {"));
        assertTrue(outcome.err(), outcome.err().startsWith("NAME"));

        Path file = folder.newFile().toPath();
        Path link = folder.getRoot().toPath().resolve("link");
        Files.createSymbolicLink(link, file);
        assertEquals(0, run(Map.of(), command(" models --json " + link)).code());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(outcome.out(), Files.readString(file));
    }

    @Test
    public void saysWhatIsWrongWithJava() throws Exception {
        Outcome none = run(Map.of("JAVA_HOME", "/no/such/java"), script().toString(), "help");
        assertEquals(69, none.code());
        assertTrue(none.err(), none.err().contains("/no/such/java"));

        Path old = folder.newFolder("java8").toPath();
        Files.createDirectory(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        Path java = Files.writeString(old.resolve("bin").resolve("java"), "#!/bin/sh\nexit 1\n");
        assertTrue(java.toFile().setExecutable(true));
        Outcome eight = run(Map.of("JAVA_HOME", old.toString()), script().toString(), "help");
        assertEquals(69, eight.code());
        assertTrue(eight.err(), eight.err().contains("17 or later"));
    }

    @Test
    public void aHomeThatCannotBeMadeDoesNotKeepCommandsThatOnlyReadFromWorking() throws Exception {
        Path file = folder.newFile("file").toPath();
        Outcome outcome =
                run(Map.of(), script().toString(), "--home", file.resolve("x").toString(), "help");
        assertEquals(outcome.err(), 0, outcome.code());
    }

    @Test
    public void aTrainingThatIsKilledGoesOnToTheSameNetwork() throws Exception {
        Path checkpoint = Path.of(home(), "checkpoints", "killed", "checkpoint.npz");
        Path network = Path.of(home(), "networks", "killed", "weights.npz");
        Running first = start(Map.of(), training("killed"));
        while (!Files.exists(checkpoint) && first.process().isAlive()) {
            Thread.sleep(5);
        }
        first.process().destroyForcibly().waitFor();
        assertTrue("a checkpoint was written", Files.exists(checkpoint));
        assertFalse("it was killed before its end", Files.exists(network));

        Outcome second = run(Map.of(), training("killed"));
        assertEquals(second.err(), 0, second.code());
        Outcome whole = run(Map.of(), training("whole"));
        assertEquals(whole.err(), 0, whole.code());

        assertEquals(-1, Files.mismatch(network, Path.of(home(), "networks/whole/weights.npz")));
        assertFalse("the checkpoint has served", Files.exists(checkpoint));
    }

    @Test
    public void anEvaluationWithManyAttacksIsRepeatedFromTheCache() throws Exception {
        String train =
                " train --model mlp --dataset digits --defense reference --epochs 1 --limit 320"
                        + " --save quick";
        assertEquals(0, run(Map.of(), command(train)).code());
        Path json = Path.of(home(), "result.json");
        Path csv = Path.of(home(), "result.csv");
        String evaluate =
                " evaluate quick --attack pgd:steps=3 --attack deepfool-linf --epsilon 0.05,0.1"
                        + " --limit 30 --json "
                        + json
                        + " --csv "
                        + csv;

        Outcome first = run(Map.of(), command(evaluate));
        assertEquals(first.err(), 0, first.code());
        assertTrue(first.out(), first.out().contains("worst case"));
        assertFalse(first.out(), first.out().contains("from the cache"));
        String record = Files.readString(json);
        for (String field : List.of("accuracy", "successRate", "rho2", "attacks", "provenance")) {
            assertTrue(record, record.contains("\n  \"" + field + "\": "));
        }
        // Two budgets of the one, two and none of the other.
        assertEquals(1 + 5 * 30, Files.readAllLines(csv).size());

        List<String> measured = Files.readAllLines(csv);
        Outcome second = run(Map.of(), command(evaluate));
        assertEquals(second.err(), 0, second.code());
        assertTrue(second.out(), second.out().contains("from the cache"));
        assertEquals(measured, Files.readAllLines(csv));
    }

    @Test
    public void aPluginThatEndsTheProcessIsNamedAndHarmsNothing() throws Exception {
        Path plugins = Files.createDirectories(Path.of(home(), "plugins"));
        new PluginJar("org.example.hostile", "6.6.6")
                .attack("hostile", Hostile.class, Map.of("deepdefense.name", "hostile"))
                .write(plugins.resolve("hostile.jar"));
        String train =
                " train --model mlp --dataset digits --defense reference --epochs 1 --limit 320"
                        + " --save quick";
        assertEquals(0, run(Map.of(), command(train)).code());

        Outcome hostile =
                run(Map.of(), command(" evaluate quick --limit 10 --attack hostile:kind=EXIT"));
        assertEquals(hostile.err(), 70, hostile.code());
        assertTrue(hostile.err(), hostile.err().contains("System.exit"));
        assertTrue(hostile.err(), hostile.err().contains("attack \"hostile\""));

        Outcome after = run(Map.of(), command(" evaluate quick --limit 10 --attack deepfool"));
        assertEquals(after.err(), 0, after.code());
        String history = run(Map.of(), command(" jobs --history")).out();
        assertTrue(history, history.matches("(?s).*eval-1 +failed.*eval-2 +done.*"));
        assertEquals(List.of(), caches());
    }

    private String[] command(String line) {
        return (script() + " --home " + home() + line).split(" ");
    }

    private String[] training(String name) {
        return (script()
                        + " --home "
                        + home()
                        + " train --model mlp --dataset digits --defense deep-defense --lr 1e-4"
                        + " --epochs 2 --limit 640 --batch-size 16 --checkpoint-steps 5 --seed 7"
                        + " --save "
                        + name)
                .split(" ");
    }

    private static Map<Path, Long> installation() throws IOException {
        Map<Path, Long> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(FelixTest.dist())) {
            for (Path path : walk.toList()) {
                files.put(path, Files.getLastModifiedTime(path).toMillis());
            }
        }
        return files;
    }

    private List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.toList();
        }
    }
}
