// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
}
