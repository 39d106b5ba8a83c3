// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deepdefense.attack.Norm;
import org.junit.jupiter.api.Test;

class JsonTest {

    private record Inner(String name, double value) {}

    private record All(
            Instant time,
            Duration duration,
            Path file,
            Shape shape,
            Optional<Inner> present,
            Optional<String> absent,
            OptionalDouble number,
            OptionalDouble noNumber,
            List<Double> values,
            Map<String, Inner> map) {}

    private static final All VALUE =
            new All(
                    Instant.parse("2026-01-02T03:04:05.678Z"),
                    Duration.ofMillis(1500),
                    Path.of("a", "b"),
                    new Shape(1, 28, 28),
                    Optional.of(new Inner("<x>", 0.1)),
                    Optional.empty(),
                    OptionalDouble.of(2.5),
                    OptionalDouble.empty(),
                    List.of(1 / 3.0, 1e-300),
                    Map.of("k", new Inner("y", -1)));

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(VALUE, Json.read(Json.write(VALUE), All.class));
    }

    @Test
    void theTextIsPlain() {
        String json = Json.write(VALUE);
        assertTrue(json.contains("\"time\": \"2026-01-02T03:04:05.678Z\""), json);
        assertTrue(json.contains("\"name\": \"<x>\""), json);
    }

    @Test
    void numbersThatJsonDoesNotHaveAreNull() {
        String json = Json.write(new Inner("nan", Double.NaN));
        assertTrue(Json.read(json, Map.class).containsKey("name"), json);
        assertTrue(Double.isNaN(Json.read(json, Inner.class).value()));
    }

    @Test
    void anythingElseIsAnError() {
        for (String text : new String[] {"", "{\"name\": ", "[1, 2]", "{\"value\": \"x\"}"}) {
            assertThrows(IllegalArgumentException.class, () -> Json.read(text, Inner.class), text);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Json.read("{\"time\": \"yesterday\"}", All.class));
    }

    private record Written(
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
        Written all =
                new Written(
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
}
