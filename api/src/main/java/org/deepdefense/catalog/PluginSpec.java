// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepdefense.DeepDefenseException;

/**
 * A plug-in and the parameters that differ from its defaults, as users write it: {@code
 * pgd:epsilon=0.1,steps=40}. Parameters may be written in camel case or with hyphens.
 *
 * @param name the name of an attack or defense, with a selector where several bundles have it:
 *     {@code pgd@1.1.0}
 * @param parameters values by the name of the parameter, in the order given
 */
public record PluginSpec(String name, Map<String, String> parameters) {

    /**
     * Copies the parameters.
     *
     * @param name the name of an attack or defense
     * @param parameters values by the name of the parameter, in the order given
     */
    public PluginSpec {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Names a plug-in with its defaults.
     *
     * @param name the name of an attack or defense
     * @return the plug-in
     */
    public static PluginSpec of(String name) {
        return new PluginSpec(name, Map.of());
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @param text a name, or a name, a colon and {@code key=value} pairs separated by commas
     * @return the plug-in
     * @throws DeepDefenseException if the text has another form
     */
    public static PluginSpec parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Map<String, String> parameters = new LinkedHashMap<>();
        if (colon >= 0) {
            for (String pair : text.substring(colon + 1).split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw malformed(text);
                }
                String parameter = camelCase(pair.substring(0, equals).strip());
                if (parameters.put(parameter, pair.substring(equals + 1).strip()) != null) {
                    throw new DeepDefenseException(
                            "\"" + text + "\" gives the parameter \"" + parameter + "\" twice",
                            "leave one of them out");
                }
            }
        }
        if (name.isBlank()) {
            throw malformed(text);
        }
        return new PluginSpec(name.strip(), parameters);
    }

    private static DeepDefenseException malformed(String text) {
        return new DeepDefenseException(
                "\"" + text + "\" does not name a plug-in with parameters",
                "write NAME or NAME:PARAMETER=VALUE,PARAMETER=VALUE, such as"
                        + " pgd:epsilon=0.1,steps=40");
    }

    private static String camelCase(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '-' && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(c);
            }
        }
        return camel.toString();
    }

    /**
     * Returns the plug-in with one more parameter.
     *
     * @param parameter its name
     * @param value its value, replacing any other
     * @return a new value
     */
    public PluginSpec with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new PluginSpec(name, more);
    }

    @Override
    public String toString() {
        return parameters.isEmpty()
                ? name
                : parameters.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining(",", name + ":", ""));
    }
}
