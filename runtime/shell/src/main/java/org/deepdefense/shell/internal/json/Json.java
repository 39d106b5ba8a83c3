// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.json;

import ai.djl.ndarray.types.Shape;
import com.google.gson.ExclusionStrategy;
import com.google.gson.FieldAttributes;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Picture;

/**
 * Writes results as JSON: records as objects, an empty optional and a number that is not finite as
 * null, durations in seconds. Pixels and what is known of single images are left out.
 */
final class Json {

    private static final Gson GSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .serializeNulls()
                    .setExclusionStrategies(new NoImages())
                    .registerTypeAdapter(EvaluationResult.class, evaluation())
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

    /** What Gson leaves as it is, though it may turn or move text on a terminal. */
    private static final Pattern UNSEEN = Pattern.compile("[\\x7f-\\x9f\\p{Cf}]");

    private Json() {}

    static String write(Object value) {
        return UNSEEN.matcher(GSON.toJson(value)).replaceAll(Json::escape) + "\n";
    }

    private static String escape(MatchResult found) {
        StringBuilder escapes = new StringBuilder();
        for (char c : found.group().toCharArray()) {
            escapes.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return Matcher.quoteReplacement(escapes.toString());
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

    /** The overall figures are those that scripts look for, and stand at the top. */
    private static JsonSerializer<EvaluationResult> evaluation() {
        return (result, type, context) -> {
            JsonObject json = new JsonObject();
            json.add("samples", context.serialize(result.samples()));
            json.add("accuracy", context.serialize(result.accuracy()));
            context.serialize(result.overall())
                    .getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> json.add(entry.getKey(), entry.getValue()));
            json.add("attacks", context.serialize(result.attacks()));
            json.add("worstCases", context.serialize(result.worstCases()));
            json.add("seconds", context.serialize(result.seconds()));
            json.add("warnings", context.serialize(result.warnings()));
            json.add("provenance", context.serialize(result.provenance()));
            return json;
        };
    }

    private static final class NoImages implements ExclusionStrategy {
        @Override
        public boolean shouldSkipField(FieldAttributes field) {
            return field.getDeclaringClass() == AttackResult.class
                    && field.getName().equals("images");
        }

        @Override
        public boolean shouldSkipClass(Class<?> type) {
            return type == Picture.class;
        }
    }
}
