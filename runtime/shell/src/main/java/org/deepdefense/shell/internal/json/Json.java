package org.deepdefense.shell.internal.json;

import ai.djl.ndarray.types.Shape;
import com.google.gson.ExclusionStrategy;
import com.google.gson.FieldAttributes;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deepdefense.evaluation.Picture;

/**
 * Writes results as JSON: records as objects, an empty optional and a number that is not finite as
 * null, durations in seconds. Pixels are left out.
 */
final class Json {

    private static final Gson GSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .serializeNulls()
                    .setExclusionStrategies(new NoPictures())
                    .registerTypeAdapter(Double.class, number())
                    .registerTypeAdapter(double.class, number())
                    .registerTypeHierarchyAdapter(Optional.class, optional())
                    .registerTypeAdapter(OptionalInt.class, optionalInt())
                    .registerTypeAdapter(OptionalDouble.class, optionalDouble())
                    .registerTypeAdapter(Instant.class, text())
                    .registerTypeHierarchyAdapter(Path.class, text())
                    .registerTypeAdapter(Duration.class, seconds())
                    .registerTypeHierarchyAdapter(Shape.class, shape())
                    .create();

    private Json() {}

    static String write(Object value) {
        return GSON.toJson(value) + "\n";
    }

    private static JsonSerializer<Double> number() {
        return (value, type, context) ->
                Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }

    private static JsonSerializer<Optional<?>> optional() {
        return (value, type, context) -> context.serialize(value.orElse(null));
    }

    private static JsonSerializer<OptionalInt> optionalInt() {
        return (value, type, context) ->
                value.isPresent() ? new JsonPrimitive(value.getAsInt()) : JsonNull.INSTANCE;
    }

    private static JsonSerializer<OptionalDouble> optionalDouble() {
        return (value, type, context) ->
                value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE;
    }

    private static JsonSerializer<Object> text() {
        return (value, type, context) -> new JsonPrimitive(value.toString());
    }

    private static JsonSerializer<Duration> seconds() {
        return (value, type, context) -> new JsonPrimitive(value.toMillis() / 1000.0);
    }

    private static JsonSerializer<Shape> shape() {
        return (value, type, context) -> context.serialize(value.getShape());
    }

    private static final class NoPictures implements ExclusionStrategy {
        @Override
        public boolean shouldSkipField(FieldAttributes field) {
            return false;
        }

        @Override
        public boolean shouldSkipClass(Class<?> type) {
            return type == Picture.class;
        }
    }
}
