// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.catalog.ParameterInfo;

/**
 * The parameters that a plug-in takes: the attributes of its annotation type. A run uses the
 * defaults of the type, overridden by the service's properties, overridden by the caller. A
 * property that has no allowed value overrides nothing; {@link Configurations} reports it.
 */
final class Parameters<P> {

    private final Plugin<?> plugin;
    private final Class<P> type;
    private final Map<String, Attribute> attributes;

    /**
     * Takes what a plug-in declares.
     *
     * @param attributes its parameters by name, and those that the framework adds
     */
    Parameters(Plugin<?> plugin, Class<P> type, Map<String, Attribute> attributes) {
        if (!type.isAnnotation()) {
            throw plugin.faulty(
                    "has parameters of the type "
                            + type.getName()
                            + ", which is not an annotation type",
                    null);
        }
        this.plugin = plugin;
        this.type = type;
        this.attributes = attributes;
    }

    /** Returns the attributes of an annotation type by name, in the order of their metadata. */
    static Map<String, Attribute> attributes(
            Class<?> type, Map<String, AttributeMetadata> metadata) {
        List<String> order = List.copyOf(metadata.keySet());
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .sorted(
                        Comparator.<Method>comparingInt(m -> order.indexOf(m.getName()))
                                .thenComparing(Method::getName))
                .forEach(
                        m ->
                                attributes.put(
                                        m.getName(),
                                        new Attribute(
                                                m,
                                                metadata.getOrDefault(
                                                        m.getName(), AttributeMetadata.NONE))));
        return attributes;
    }

    /** Returns the names of the attributes of an annotation type. */
    static Set<String> names(Class<?> type) {
        return attributes(type, Map.of()).keySet();
    }

    /** Returns the parameters with the values that a run uses when it is given none. */
    List<ParameterInfo> infos() {
        Map<String, Object> values = values(Map.of());
        return attributes.values().stream().map(a -> a.info(values.get(a.name()))).toList();
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
                        taken(name, attributes));
            }
        }
        Map<String, Object> values = values(given);
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> texts.put(name, Attribute.text(value)));
        return new Binding<>(Annotations.instance(type, values), texts);
    }

    /** Says which parameters there are, and which of them a mistyped name was meant to be. */
    static String taken(String name, Map<String, Attribute> attributes) {
        return attributes.isEmpty()
                ? "it takes none"
                : NearestNames.question(name, attributes.keySet())
                        + "it takes "
                        + String.join(", ", attributes.keySet());
    }

    private Map<String, Object> values(Map<String, String> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Attribute attribute : attributes.values()) {
            String name = attribute.name();
            Object value =
                    given.containsKey(name)
                            ? attribute.convert(given.get(name), title())
                            : configured(attribute);
            if (value == null) {
                throw new DeepDefenseException(
                        Plugin.capitalized(title()) + " needs the parameter \"" + name + "\"",
                        "give " + attribute.allowed());
            }
            values.put(name, value);
        }
        return values;
    }

    private Object configured(Attribute attribute) {
        Object raw = plugin.properties().get(attribute.name());
        if (raw == null) {
            return attribute.defaultValue();
        }
        try {
            return attribute.convert(raw, title());
        } catch (DeepDefenseException e) {
            return attribute.defaultValue();
        }
    }

    private String title() {
        return plugin.label() + " \"" + plugin.name() + "\"";
    }
}
