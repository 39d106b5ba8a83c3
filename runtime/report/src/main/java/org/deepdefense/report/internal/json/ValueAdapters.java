// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.internal.json;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepdefense.evaluation.AttackResult;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.evaluation.EvaluationResult;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.SampleResult;
import org.deepdefense.evaluation.UniversalResult;
import org.deepdefense.work.TaskOutcome;

/**
 * Adapts results, which are interfaces: their accessors are the members of the JSON. What is read
 * is a {@link ReadValue}. Members that a later version has added are ignored.
 */
final class ValueAdapters implements TypeAdapterFactory {

    private static final Set<Class<?>> TYPES =
            Set.of(
                    SampleResult.class,
                    AttackResult.class,
                    EvaluationResult.class,
                    AttackedImage.class,
                    RobustnessTable.class,
                    RobustnessTable.Row.class,
                    UniversalResult.class,
                    UniversalResult.Effect.class,
                    TaskOutcome.class);

    private final Predicate<Method> written;

    /**
     * Adapts results.
     *
     * @param written tells which accessors are written
     */
    ValueAdapters(Predicate<Method> written) {
        this.written = written;
    }

    /** Returns the result that a class implements, if it does. */
    static Optional<Class<?>> type(Class<?> raw) {
        return TYPES.stream().filter(type -> type.isAssignableFrom(raw)).findFirst();
    }

    /** Returns the accessors of a result by name, in an order that is always the same. */
    static Map<String, Method> accessors(Class<?> type) {
        return Stream.of(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .collect(Collectors.toMap(Method::getName, m -> m, (a, b) -> a, TreeMap::new));
    }

    @Override
    @SuppressWarnings("unchecked") // a result is adapted as what it implements
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> raw = token.getRawType();
        Optional<Class<?>> type = type(raw);
        if (type.isEmpty()) {
            return null;
        }
        // Records of an engine are read as such; what else implements a result is not read.
        Optional<TypeAdapter<?>> plain =
                raw.isRecord()
                        ? Optional.of(gson.getDelegateAdapter(this, token))
                        : Optional.empty();
        return (TypeAdapter<T>) new ValueAdapter(gson, type.get(), plain).nullSafe();
    }

    private final class ValueAdapter extends TypeAdapter<Object> {

        private final Class<?> type;
        private final Optional<TypeAdapter<?>> plain;
        private final Map<String, Method> accessors;
        private final Map<String, TypeAdapter<Object>> adapters = new LinkedHashMap<>();

        @SuppressWarnings("unchecked") // the adapter of an accessor is given what it returns
        ValueAdapter(Gson gson, Class<?> type, Optional<TypeAdapter<?>> plain) {
            this.type = type;
            this.plain = plain;
            this.accessors = accessors(type);
            accessors.forEach(
                    (name, method) ->
                            adapters.put(
                                    name,
                                    (TypeAdapter<Object>)
                                            gson.getAdapter(
                                                    TypeToken.get(method.getGenericReturnType()))));
        }

        @Override
        public void write(JsonWriter out, Object value) throws IOException {
            out.beginObject();
            for (String name : ReadValue.order(value, accessors.keySet())) {
                if (written.test(accessors.get(name))) {
                    out.name(name);
                    adapters.get(name).write(out, ReadValue.call(value, accessors.get(name)));
                }
            }
            out.endObject();
        }

        @Override
        public Object read(JsonReader in) throws IOException {
            if (plain.isPresent()) {
                return plain.get().read(in);
            }
            Map<String, Object> members = new LinkedHashMap<>();
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                if (accessors.containsKey(name)) {
                    members.put(name, adapters.get(name).read(in));
                } else {
                    in.skipValue();
                }
            }
            in.endObject();
            accessors.forEach(
                    (name, method) ->
                            members.computeIfAbsent(name, n -> absent(method.getReturnType(), n)));
            return ReadValue.of(type, members);
        }

        /**
         * What may be left out is empty; pictures may be left out, but have to be there if used.
         */
        private Object absent(Class<?> missing, String name) {
            if (missing == List.class) {
                return List.of();
            }
            if (missing == Optional.class) {
                return Optional.empty();
            }
            if (missing == OptionalDouble.class) {
                return OptionalDouble.empty();
            }
            if (missing == Picture.class) {
                return null;
            }
            throw new JsonParseException(name + " is missing in " + type.getSimpleName());
        }
    }
}
