package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.ParameterInfo;
import org.osgi.util.converter.ConversionException;
import org.osgi.util.converter.Converter;
import org.osgi.util.converter.Converters;

/**
 * The parameters that a plug-in takes: the attributes of its annotation type. A run uses the
 * defaults of the type, overridden by the service's properties, overridden by the caller.
 */
final class Parameters<P> {

    private static final Converter CONVERTER = Converters.standardConverter();

    private final Plugin<?> plugin;
    private final Class<P> type;
    private final Map<String, Method> attributes;
    private final Map<String, AttributeMetadata> metadata;

    Parameters(Plugin<?> plugin, Class<P> type, Map<String, AttributeMetadata> metadata) {
        if (!type.isAnnotation()) {
            throw plugin.faulty(
                    "has parameters of the type "
                            + type.getName()
                            + ", which is not an annotation type",
                    null);
        }
        this.plugin = plugin;
        this.type = type;
        this.metadata = metadata;
        List<String> order = List.copyOf(metadata.keySet());
        this.attributes =
                Arrays.stream(type.getDeclaredMethods())
                        .sorted(
                                Comparator.<Method>comparingInt(m -> order.indexOf(m.getName()))
                                        .thenComparing(Method::getName))
                        .collect(
                                Collectors.toMap(
                                        Method::getName, m -> m, (a, b) -> a, LinkedHashMap::new));
    }

    /** Returns the parameters with the values that a run uses when it is given none. */
    List<ParameterInfo> infos() {
        Map<String, Object> values = values(Map.of());
        return attributes.values().stream().map(a -> info(a, values.get(a.getName()))).toList();
    }

    private ParameterInfo info(Method attribute, Object value) {
        AttributeMetadata known = metadata(attribute);
        return new ParameterInfo(
                attribute.getName(),
                typeName(attribute.getReturnType()),
                text(value),
                known.description(),
                known.min(),
                known.max(),
                options(attribute));
    }

    /**
     * Binds the parameters of a run.
     *
     * @throws DeepDefenseException if there is no such parameter or a value is not allowed
     */
    Binding<P> bind(Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!attributes.containsKey(name)) {
                throw new DeepDefenseException(
                        Plugin.capitalized(title()) + " has no parameter \"" + name + "\"",
                        attributes.isEmpty()
                                ? "it takes none"
                                : Suggestion.among(name, attributes.keySet())
                                        + "it takes "
                                        + String.join(", ", attributes.keySet()));
            }
        }
        Map<String, Object> values = values(given);
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> texts.put(name, text(value)));
        return new Binding<>(Annotations.instance(type, values), texts);
    }

    private Map<String, Object> values(Map<String, String> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Method attribute : attributes.values()) {
            String name = attribute.getName();
            Object configured = plugin.properties().get(name);
            Object raw = given.containsKey(name) ? given.get(name) : configured;
            Object value = raw == null ? attribute.getDefaultValue() : convert(attribute, raw);
            if (value == null) {
                throw new DeepDefenseException(
                        Plugin.capitalized(title()) + " needs the parameter \"" + name + "\"",
                        "give " + allowed(attribute));
            }
            values.put(name, value);
        }
        return values;
    }

    /** The converter reads an unknown boolean as false and cuts fractions off: not here. */
    private Object convert(Method attribute, Object raw) {
        Class<?> target = boxed(attribute.getReturnType());
        String text = raw.toString().strip();
        try {
            if (Number.class.isAssignableFrom(target)) {
                BigDecimal number = number(text);
                checkRange(attribute, raw, number);
                return isInteger(target)
                        ? CONVERTER.convert(number.toBigIntegerExact().longValueExact()).to(target)
                        : CONVERTER.convert(number).to(target);
            }
            if (target == Boolean.class && !text.matches("(?i)true|false")) {
                throw notAllowed(attribute, raw, null);
            }
            List<String> options = options(attribute);
            if (!options.isEmpty() && !options.contains(text)) {
                throw notAllowed(attribute, raw, null);
            }
            return CONVERTER.convert(raw).to(attribute.getGenericReturnType());
        } catch (ArithmeticException | NumberFormatException | ConversionException e) {
            throw notAllowed(attribute, raw, e);
        }
    }

    /** Reads a number, or a fraction as papers write budgets (8/255). */
    private static BigDecimal number(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new BigDecimal(text)
                : BigDecimal.valueOf(
                        Double.parseDouble(text.substring(0, slash))
                                / Double.parseDouble(text.substring(slash + 1)));
    }

    private void checkRange(Method attribute, Object raw, BigDecimal number) {
        AttributeMetadata known = metadata(attribute);
        boolean below =
                known.min().filter(m -> number.compareTo(new BigDecimal(m)) < 0).isPresent();
        boolean above =
                known.max().filter(m -> number.compareTo(new BigDecimal(m)) > 0).isPresent();
        boolean overflows =
                attribute.getReturnType() == int.class
                        && number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0;
        if (below || above || overflows || Double.isInfinite(number.doubleValue())) {
            throw notAllowed(attribute, raw, null);
        }
    }

    private DeepDefenseException notAllowed(Method attribute, Object raw, Throwable cause) {
        return new DeepDefenseException(
                "The value \""
                        + raw
                        + "\" is not allowed for parameter \""
                        + attribute.getName()
                        + "\" of "
                        + title(),
                "give " + allowed(attribute),
                cause);
    }

    private String allowed(Method attribute) {
        List<String> options = options(attribute);
        if (!options.isEmpty()) {
            return "one of " + String.join(", ", options);
        }
        String noun =
                switch (typeName(attribute.getReturnType())) {
                    case "integer" -> "an integer";
                    case "number" -> "a number";
                    case "boolean" -> "true or false";
                    default -> "a value";
                };
        AttributeMetadata known = metadata(attribute);
        Optional<String> min = known.min();
        Optional<String> max = known.max();
        if (min.isPresent() && max.isPresent()) {
            return noun + " from " + min.get() + " to " + max.get();
        }
        return noun
                + min.map(m -> ", " + m + " or more").orElse("")
                + max.map(m -> ", at most " + m).orElse("");
    }

    private String title() {
        return plugin.label() + " \"" + plugin.name() + "\"";
    }

    private AttributeMetadata metadata(Method attribute) {
        return metadata.getOrDefault(attribute.getName(), AttributeMetadata.NONE);
    }

    private List<String> options(Method attribute) {
        Class<?> target = attribute.getReturnType();
        return target.isEnum()
                ? Arrays.stream(target.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList()
                : metadata(attribute).options();
    }

    private static Class<?> boxed(Class<?> target) {
        return java.lang.invoke.MethodType.methodType(target).wrap().returnType();
    }

    private static boolean isInteger(Class<?> target) {
        return List.of(Integer.class, Long.class, Short.class, Byte.class).contains(target);
    }

    private static String typeName(Class<?> target) {
        Class<?> boxed = boxed(target);
        if (boxed == Boolean.class) {
            return "boolean";
        }
        if (isInteger(boxed)) {
            return "integer";
        }
        return Number.class.isAssignableFrom(boxed) ? "number" : "text";
    }

    private static String text(Object value) {
        return value instanceof Object[] array ? Arrays.toString(array) : String.valueOf(value);
    }
}
