// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.ParameterInfo;
import org.osgi.util.converter.ConversionException;
import org.osgi.util.converter.Converter;
import org.osgi.util.converter.Converters;

/**
 * One attribute of an annotation type, and the values that it may have.
 *
 * @param method declares it
 * @param metadata what its bundle says of it
 * @param defaultValue the value that it has if it is given none, or null
 */
record Attribute(Method method, AttributeMetadata metadata, Object defaultValue) {

    private static final Converter CONVERTER = Converters.standardConverter();

    Attribute(Method method, AttributeMetadata metadata) {
        this(method, metadata, method.getDefaultValue());
    }

    String name() {
        return method.getName();
    }

    ParameterInfo info(Object value) {
        return new ParameterInfo(
                name(),
                typeName(),
                text(value),
                metadata.description(),
                metadata.min(),
                metadata.max(),
                options());
    }

    /**
     * Reads a value. The converter takes an unknown boolean for false and cuts fractions off: not
     * here.
     *
     * @param raw the value as somebody wrote it
     * @param owner what the attribute is a parameter of
     * @throws DeepDefenseException if the value is not allowed
     */
    Object convert(Object raw, String owner) {
        Class<?> target = boxed();
        String text = text(raw).strip();
        try {
            if (Number.class.isAssignableFrom(target)) {
                BigDecimal number = number(text);
                if (!isInRange(number)) {
                    throw notAllowed(text, owner, null);
                }
                return isInteger()
                        ? CONVERTER.convert(number.toBigIntegerExact().longValueExact()).to(target)
                        : CONVERTER.convert(number).to(target);
            }
            if (target == Boolean.class && !text.matches("(?i)true|false")) {
                throw notAllowed(text, owner, null);
            }
            List<String> options = options();
            if (!options.isEmpty() && !options.contains(text)) {
                throw notAllowed(text, owner, null);
            }
            if (method.getReturnType().isEnum()) {
                // The converter cannot see the constants of a type that is not public.
                return constant(text);
            }
            return CONVERTER.convert(raw).to(method.getGenericReturnType());
        } catch (ArithmeticException | NumberFormatException | ConversionException e) {
            throw notAllowed(text, owner, e);
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

    private boolean isInRange(BigDecimal number) {
        // An exponent of many digits would be written out where an integer is made of it.
        boolean large = Double.isInfinite(number.doubleValue());
        boolean overflows =
                isInteger() && number.abs().compareTo(BigDecimal.valueOf(largest())) > 0;
        return !large
                && !overflows
                && metadata.min().map(m -> number.compareTo(new BigDecimal(m)) >= 0).orElse(true)
                && metadata.max().map(m -> number.compareTo(new BigDecimal(m)) <= 0).orElse(true);
    }

    private long largest() {
        Class<?> target = boxed();
        if (target == Byte.class) {
            return Byte.MAX_VALUE;
        }
        if (target == Short.class) {
            return Short.MAX_VALUE;
        }
        return target == Integer.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
    }

    private DeepDefenseException notAllowed(String text, String owner, Throwable cause) {
        return new DeepDefenseException(
                "The value \""
                        + text
                        + "\" is not allowed for parameter \""
                        + name()
                        + "\" of "
                        + owner,
                "give " + allowed(),
                cause);
    }

    /** Returns what may be given, for messages. */
    String allowed() {
        List<String> options = options();
        if (!options.isEmpty()) {
            return "one of " + String.join(", ", options);
        }
        String noun =
                switch (typeName()) {
                    case "integer" -> "a whole number";
                    case "number" -> "a number";
                    case "boolean" -> "true or false";
                    default -> "a value";
                };
        Optional<String> min = metadata.min();
        Optional<String> max = metadata.max();
        if (min.isPresent() && max.isPresent()) {
            return noun + " from " + min.get() + " to " + max.get();
        }
        return noun
                + min.map(m -> ", " + m + " or more").orElse("")
                + max.map(m -> ", at most " + m).orElse("");
    }

    private List<String> options() {
        Class<?> target = method.getReturnType();
        return target.isEnum()
                ? Arrays.stream(target.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList()
                : metadata.options();
    }

    private Object constant(String name) {
        return Arrays.stream(method.getReturnType().getEnumConstants())
                .filter(c -> ((Enum<?>) c).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Class<?> boxed() {
        return MethodType.methodType(method.getReturnType()).wrap().returnType();
    }

    private boolean isInteger() {
        return List.of(Integer.class, Long.class, Short.class, Byte.class).contains(boxed());
    }

    private String typeName() {
        if (boxed() == Boolean.class) {
            return "boolean";
        }
        if (isInteger()) {
            return "integer";
        }
        return Number.class.isAssignableFrom(boxed()) ? "number" : "text";
    }

    /** Returns a value as users write it. */
    static String text(Object value) {
        if (value != null && value.getClass().isArray()) {
            int length = Array.getLength(value);
            return text(IntStream.range(0, length).mapToObj(i -> Array.get(value, i)).toList());
        }
        return value instanceof Collection<?> values && values.size() == 1
                ? String.valueOf(values.iterator().next())
                : String.valueOf(value);
    }
}
