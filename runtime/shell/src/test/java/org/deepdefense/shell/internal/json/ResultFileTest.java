// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.report.json.ResultJson;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.Recorder;
import org.deepdefense.shell.internal.console.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultFileTest {

    @TempDir Path directory;

    @Test
    void replacesTheFileAndLeavesNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "old");

        open(file, "--json").writeJson(Map.of("a", 1));

        assertEquals("{\n  \"a\": 1\n}\n", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void keepsTheOldFileWhenWritingFails() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "old");
        ResultFile result = open(file, "--json");

        assertThrows(
                DeepDefenseException.class,
                () ->
                        result.write(
                                to -> {
                                    Files.writeString(to, "half");
                                    throw new IOException("disk is full");
                                }));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void saysWhatIsWrongWithAPath() {
        Path missing = directory.resolve("no/r.json");

        DeepDefenseException e =
                assertThrows(DeepDefenseException.class, () -> open(missing, "--json"));

        assertTrue(e.getMessage().startsWith("--json " + missing), e.getMessage());
        assertTrue(e.getMessage().contains("does not exist"), e.getMessage());
        assertThrows(DeepDefenseException.class, () -> open(directory, "--json"));
    }

    private final Recorder recorder = new Recorder();

    private Console console() {
        return recorder.console(Look.PLAIN, directory, Console.Mode.SCRIPT);
    }

    private ResultFile open(Path file, String option) {
        return new ResultFiles(console()).open(Optional.of(file), option);
    }

    private String refused(Path file) {
        return assertThrows(DeepDefenseException.class, () -> open(file, "--json")).getMessage();
    }

    @Test
    void linksStayLinks() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path file = Files.writeString(elsewhere.resolve("r.json"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("elsewhere", "r.json"));

        open(link, "--json").writeJson(Map.of());

        assertTrue(Files.isSymbolicLink(link));
        assertEquals("{}\n", Files.readString(file));
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aLinkToNothingYetGetsItsFile() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("a"), Path.of("later.json"));

        open(link, "--json").writeJson(Map.of());

        assertTrue(Files.isSymbolicLink(link));
        assertEquals("{}\n", Files.readString(directory.resolve("later.json")));
    }

    @Test
    void linksThatLeadNowhereAreKnownBeforeTheWork() throws IOException {
        Path circle = Files.createSymbolicLink(directory.resolve("a"), Path.of("a"));
        Path lost = Files.createSymbolicLink(directory.resolve("c"), Path.of("no", "r.json"));

        assertTrue(refused(circle).contains("circle"), refused(circle));
        assertTrue(refused(lost).contains("does not exist"), refused(lost));
    }

    @Test
    void permissionsStay() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "old");
        Set<PosixFilePermission> all = PosixFilePermissions.fromString("rw-rw-rw-");
        Files.setPosixFilePermissions(file, all);

        open(file, "--json").writeJson(Map.of());

        assertEquals(all, Files.getPosixFilePermissions(file));
    }

    @Test
    void devicesAreWrittenTo() throws IOException {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device));
        Object before = Files.getAttribute(device, "unix:ino");
        Path link = Files.createSymbolicLink(directory.resolve("null"), device);

        open(device, "--json").writeJson(Map.of());
        open(link, "--json").writeJson(Map.of());

        assertEquals(before, Files.getAttribute(device, "unix:ino"));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void aFullDiskIsOneLine() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));

        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> open(full, "--json").writeJson(Map.of()))
                        .getMessage();

        assertTrue(message.contains("--json /dev/full cannot be written"), message);
        assertEquals(1, message.lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdout", "/proc/self/fd/1"})
    void standardOutputIsForTheDataAlone(String name) {
        Console console = console();
        ResultFile json = new ResultFiles(console).open(Optional.of(Path.of(name)), "--json");
        console.println("Done.");
        json.writeJson(Map.of("a", 1));

        assertEquals("{\n  \"a\": 1\n}\n", recorder.out());
        assertEquals("Done.\n", recorder.err());
    }

    @Test
    void twoOptionsNeedTwoFiles() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("r"));
        ResultFiles files = new ResultFiles(console());
        files.open(Optional.of(Path.of("r")), "--json");

        String message =
                assertThrows(
                                DeepDefenseException.class,
                                () -> files.open(Optional.of(Path.of("link")), "--csv"))
                        .getMessage();

        assertTrue(message.startsWith("--json and --csv name the same file"), message);
    }

    @Test
    void nothingUnseenIsInTheJson() {
        String json = ResultJson.summary(Map.of("a", "\u001b[2J\u009b\u202e\u007f"));

        assertTrue(json.codePoints().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), json);
        assertEquals(
                "\u001b[2J\u009b\u202e\u007f",
                JsonParser.parseString(json).getAsJsonObject().get("a").getAsString());
    }

    @Test
    void withoutAFileNothingIsWritten() throws IOException {
        new ResultFiles(console()).open(Optional.empty(), "--json").writeJson(Map.of());

        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }
}
