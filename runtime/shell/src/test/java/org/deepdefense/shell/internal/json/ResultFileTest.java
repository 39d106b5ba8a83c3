package org.deepdefense.shell.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {

    @TempDir Path directory;

    private record All(
            Optional<String> some,
            Optional<String> none,
            OptionalInt number,
            OptionalDouble noNumber,
            Instant time,
            Path path,
            Duration duration,
            Optional<Shape> shape,
            Map<Norm, Double> norms,
            double infinite,
            List<Double> list) {}

    @Test
    void writesWhatResultsAreMadeOf() {
        All all =
                new All(
                        Optional.of("a<b"),
                        Optional.empty(),
                        OptionalInt.of(3),
                        OptionalDouble.empty(),
                        Instant.EPOCH,
                        Path.of("x"),
                        Duration.ofMillis(1500),
                        Optional.of(new Shape(1, 28, 28)),
                        Map.of(Norm.LINF, 0.25),
                        Double.POSITIVE_INFINITY,
                        List.of(0.5, Double.NaN));

        assertEquals(
                JsonParser.parseString(
                        """
                        {"some": "a<b", "none": null, "number": 3, "noNumber": null,
                         "time": "1970-01-01T00:00:00Z", "path": "x", "duration": 1.5,
                         "shape": [1, 28, 28], "norms": {"LINF": 0.25}, "infinite": null,
                         "list": [0.5, null]}
                        """),
                JsonParser.parseString(Json.write(all)));
    }

    @Test
    void replacesTheFileAndLeavesNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "old");

        ResultFile.open(Optional.of(file), "--json").writeJson(Map.of("a", 1));

        assertEquals("{\n  \"a\": 1\n}\n", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void keepsTheOldFileWhenWritingFails() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "old");
        ResultFile result = ResultFile.open(Optional.of(file), "--json");

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
                assertThrows(
                        DeepDefenseException.class,
                        () -> ResultFile.open(Optional.of(missing), "--json"));

        assertTrue(e.getMessage().startsWith("--json " + missing), e.getMessage());
        assertTrue(e.getMessage().contains("does not exist"), e.getMessage());
        assertThrows(
                DeepDefenseException.class,
                () -> ResultFile.open(Optional.of(directory), "--json"));
    }

    @Test
    void withoutAFileNothingIsWritten() throws IOException {
        ResultFile.open(Optional.empty(), "--json").writeJson(Map.of());

        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }
}
