// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deepdefense.DeepDefenseException;

/**
 * Compares a configuration with what its component takes.
 *
 * @param label what messages call the configuration
 * @param declared the properties that the component declares itself
 * @param attributes its parameters
 */
record ConfigurationCheck(String label, Set<String> declared, Map<String, Attribute> attributes) {

    /** Keys that others use: Config Admin, Declarative Services, File Install. */
    private static final String RESERVED =
            "(service|component|felix)\\..*|.*\\.target|.*\\.cardinality\\.minimum|[.:].*";

    /** Returns what is wrong, a line each. */
    List<String> problems(Map<String, ?> properties) {
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, ?> property : new TreeMap<>(properties).entrySet()) {
            String key = property.getKey();
            Attribute attribute = attributes.get(key);
            if (attribute != null) {
                check(attribute, property.getValue(), problems);
            } else if (!declared.contains(key) && !key.matches(RESERVED)) {
                problems.add(
                        label
                                + " has no effect with \""
                                + key
                                + "\": "
                                + Parameters.taken(key, attributes));
            }
        }
        return problems;
    }

    private void check(Attribute attribute, Object value, List<String> problems) {
        try {
            attribute.convert(value, label);
        } catch (DeepDefenseException e) {
            problems.add(
                    e.getMessage()
                            + (attribute.defaultValue() == null
                                    ? ""
                                    : "; until then it is "
                                            + Attribute.text(attribute.defaultValue())));
        }
    }
}
