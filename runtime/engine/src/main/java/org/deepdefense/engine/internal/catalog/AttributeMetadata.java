// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a metatype resource says of one attribute. */
record AttributeMetadata(
        String description, Optional<String> min, Optional<String> max, List<String> options) {

    static final AttributeMetadata NONE =
            new AttributeMetadata("", Optional.empty(), Optional.empty(), List.of());

    /** Reads an element {@code AD}. */
    static AttributeMetadata of(Element attribute) {
        return new AttributeMetadata(
                attribute.getAttribute("description"),
                optional(attribute, "min"),
                optional(attribute, "max"),
                options(attribute));
    }

    private static Optional<String> optional(Element element, String name) {
        return Optional.of(element.getAttribute(name)).filter(value -> !value.isEmpty());
    }

    private static List<String> options(Element attribute) {
        List<String> values = new ArrayList<>();
        NodeList options = attribute.getElementsByTagName("Option");
        for (int i = 0; i < options.getLength(); i++) {
            values.add(((Element) options.item(i)).getAttribute("value"));
        }
        return values;
    }
}
