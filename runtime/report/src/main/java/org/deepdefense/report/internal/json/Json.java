// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepdefense.evaluation.NormSummary;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.network.NetworkSource;

/**
 * Records and results as JSON and back. An {@link Optional} is its value or null, times are text as
 * in ISO 8601, durations are seconds, shapes are arrays, and numbers that JSON does not have (NaN,
 * infinity) are null, which is read as NaN. A quantile that is null is read as infinite: a quantile
 * is never anything else that JSON does not have.
 */
public final class Json {

    private static final TypeAdapterFactory SPECIAL = new SpecialTypes();

    private static final Gson GSON = gson(new ValueAdapters(member -> true));

    /** What Gson leaves as it is, though it may turn or move text on a terminal. */
    private static final Pattern UNSEEN = Pattern.compile("[\\x7f-\\x9f\\p{Cf}]");

    private Json() {}

    /**
     * Prepares for values of which some members are written.
     *
     * @param values adapts results
     * @return what writes and reads
     */
    static Gson gson(ValueAdapters values) {
        return new GsonBuilder()
                .setPrettyPrinting()
                .serializeNulls()
                .disableHtmlEscaping()
                .registerTypeAdapter(Instant.class, text(Instant::toString, Instant::parse))
                .registerTypeAdapter(Duration.class, new SecondsAdapter().nullSafe())
                .registerTypeHierarchyAdapter(Path.class, text(Path::toString, Path::of))
                .registerTypeAdapter(double.class, new FiniteAdapter())
                .registerTypeAdapter(Double.class, new FiniteAdapter())
                .registerTypeAdapter(OptionalInt.class, new OptionalIntAdapter())
                .registerTypeAdapter(OptionalDouble.class, new OptionalDoubleAdapter())
                .registerTypeAdapter(Picture.class, new PictureAdapter().nullSafe())
                .registerTypeHierarchyAdapter(
                        NetworkSource.class, new NetworkSourceAdapter().nullSafe())
                .registerTypeAdapterFactory(SPECIAL)
                .registerTypeAdapterFactory(values)
                .create();
    }

    /**
     * Writes a value.
     *
     * @param value a record, or what records are made of
     * @return indented JSON without a line break at the end
     */
    public static String write(Object value) {
        return plain(GSON.toJson(value));
    }

    /** Escapes what may turn or move text on a terminal. */
    static String plain(String json) {
        return UNSEEN.matcher(json).replaceAll(Json::escape);
    }

    private static String escape(MatchResult found) {
        StringBuilder escapes = new StringBuilder();
        for (char c : found.group().toCharArray()) {
            escapes.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return Matcher.quoteReplacement(escapes.toString());
    }

    /**
     * Reads a value.
     *
     * @param json what {@link #write} returned
     * @param type the type of the value
     * @param <T> the type of the value
     * @return the value
     * @throws IllegalArgumentException if the text is no JSON, or that of another type
     */
    public static <T> T read(String json, Class<T> type) {
        return checked(() -> GSON.fromJson(json, type));
    }

    /** Reads, and tells in one way that the text was wrong. */
    static <T> T checked(Supplier<T> reading) {
        try {
            T value = reading.get();
            if (value == null) {
                throw new IllegalArgumentException("The text is empty");
            }
            return value;
        } catch (RuntimeException e) {
            // Whatever a record's constructor does not take comes out as one of these, too.
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    /** Returns the first line of an error, without the name of its class and control characters. */
    private static String reason(RuntimeException error) {
        return String.valueOf(error.getMessage())
                .lines()
                .findFirst()
                .orElse("no JSON")
                .replaceFirst("^[\\w.]+Exception: ", "")
                .replaceAll("\\p{Cntrl}", " ");
    }

    private static <T> TypeAdapter<T> text(Function<T, String> write, Function<String, T> read) {
        return new TypeAdapter<T>() {
            @Override
            public void write(JsonWriter out, T value) throws IOException {
                out.value(write.apply(value));
            }

            @Override
            public T read(JsonReader in) throws IOException {
                String value = in.nextString();
                try {
                    return read.apply(value);
                } catch (DateTimeException | IllegalArgumentException e) {
                    throw new JsonParseException(value + " can't be read", e);
                }
            }
        }.nullSafe();
    }

    @SuppressWarnings("unchecked") // each adapter is returned for its own type alone
    private static <T> TypeAdapter<T> special(Gson gson, TypeToken<T> type) {
        Class<? super T> raw = type.getRawType();
        if (raw == Shape.class) {
            TypeAdapter<long[]> sizes = gson.getAdapter(long[].class);
            return (TypeAdapter<T>) mapped(sizes, Shape::getShape, Shape::new);
        }
        if (raw == NormSummary.class) {
            TypeAdapter<NormSummary> plain =
                    gson.getDelegateAdapter(SPECIAL, TypeToken.get(NormSummary.class));
            return (TypeAdapter<T>) mapped(plain, s -> s, Json::quantiles);
        }
        if (raw == Optional.class && type.getType() instanceof ParameterizedType optional) {
            return (TypeAdapter<T>)
                    optional(gson.getAdapter(TypeToken.get(optional.getActualTypeArguments()[0])));
        }
        return null;
    }

    /** Half of the images may be out of an attack's reach, which JSON cannot say in numbers. */
    private static NormSummary quantiles(NormSummary read) {
        return new NormSummary(
                read.mean(),
                quantile(read.p10()),
                quantile(read.p25()),
                quantile(read.median()),
                quantile(read.p75()),
                quantile(read.p90()));
    }

    private static double quantile(double read) {
        return Double.isNaN(read) ? Double.POSITIVE_INFINITY : read;
    }

    private static <A, B> TypeAdapter<A> mapped(
            TypeAdapter<B> adapter, Function<A, B> write, Function<B, A> read) {
        return new TypeAdapter<A>() {
            @Override
            public void write(JsonWriter out, A value) throws IOException {
                adapter.write(out, write.apply(value));
            }

            @Override
            public A read(JsonReader in) throws IOException {
                return read.apply(adapter.read(in));
            }
        }.nullSafe();
    }

    private static <T> TypeAdapter<Optional<T>> optional(TypeAdapter<T> adapter) {
        return new TypeAdapter<>() {
            @Override
            public void write(JsonWriter out, Optional<T> value) throws IOException {
                if (value == null || value.isEmpty()) {
                    out.nullValue();
                } else {
                    adapter.write(out, value.get());
                }
            }

            @Override
            public Optional<T> read(JsonReader in) throws IOException {
                if (in.peek() == JsonToken.NULL) {
                    in.nextNull();
                    return Optional.empty();
                }
                return Optional.of(adapter.read(in));
            }
        };
    }

    private static final class SpecialTypes implements TypeAdapterFactory {
        @Override
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            return special(gson, type);
        }
    }

    private static final class SecondsAdapter extends TypeAdapter<Duration> {
        @Override
        public void write(JsonWriter out, Duration value) throws IOException {
            out.value(value.toMillis() / 1000.0);
        }

        @Override
        public Duration read(JsonReader in) throws IOException {
            return Duration.ofMillis(Math.round(1000 * in.nextDouble()));
        }
    }

    private static final class OptionalIntAdapter extends TypeAdapter<OptionalInt> {
        @Override
        public void write(JsonWriter out, OptionalInt value) throws IOException {
            if (value == null || value.isEmpty()) {
                out.nullValue();
            } else {
                out.value(value.getAsInt());
            }
        }

        @Override
        public OptionalInt read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return OptionalInt.empty();
            }
            return OptionalInt.of(in.nextInt());
        }
    }

    private static final class OptionalDoubleAdapter extends TypeAdapter<OptionalDouble> {
        @Override
        public void write(JsonWriter out, OptionalDouble value) throws IOException {
            if (value == null || value.isEmpty()) {
                out.nullValue();
            } else {
                out.value(value.getAsDouble());
            }
        }

        @Override
        public OptionalDouble read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return OptionalDouble.empty();
            }
            return OptionalDouble.of(in.nextDouble());
        }
    }

    private static final class FiniteAdapter extends TypeAdapter<Double> {
        @Override
        public void write(JsonWriter out, Double value) throws IOException {
            if (value == null || !Double.isFinite(value)) {
                out.nullValue();
            } else {
                out.value(value);
            }
        }

        @Override
        public Double read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Double.NaN;
            }
            return in.nextDouble();
        }
    }
}
