package org.deepdefense.engine.internal.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What the metatype resources of a bundle say of one attribute. They are read as they are because
 * the Metatype Service tells everything but the smallest and the largest value.
 */
record AttributeMetadata(
        String description, Optional<String> min, Optional<String> max, List<String> options) {

    static final AttributeMetadata NONE =
            new AttributeMetadata("", Optional.empty(), Optional.empty(), List.of());

    private static final String FOLDER = "OSGI-INF/metatype";
    private static final Logger logger = LoggerFactory.getLogger(AttributeMetadata.class);

    /**
     * Reads what a bundle says of an annotation type.
     *
     * @return metadata by the name of the attribute, in the order of the resource; empty if the
     *     bundle has none for this type
     */
    static Map<String, AttributeMetadata> read(Bundle bundle, Class<?> type) {
        Enumeration<URL> resources = bundle.findEntries(FOLDER, "*.xml", false);
        if (resources != null) {
            for (URL resource : Collections.list(resources)) {
                try (InputStream in = resource.openStream()) {
                    Optional<Map<String, AttributeMetadata>> found = read(in, type);
                    if (found.isPresent()) {
                        return found.get();
                    }
                } catch (IOException | SAXException e) {
                    logger.warn("Cannot read {}", resource, e);
                }
            }
        }
        return Map.of();
    }

    static Optional<Map<String, AttributeMetadata>> read(InputStream in, Class<?> type)
            throws IOException, SAXException {
        NodeList classes = parse(in).getElementsByTagName("OCD");
        for (int i = 0; i < classes.getLength(); i++) {
            Element definition = (Element) classes.item(i);
            if (canonical(definition.getAttribute("id")).equals(canonical(type.getName()))) {
                return Optional.of(attributes(definition));
            }
        }
        return Optional.empty();
    }

    private static Document parse(InputStream in) throws IOException, SAXException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            return factory.newDocumentBuilder().parse(in);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has a parser for XML", e);
        }
    }

    /** Names of nested types are written with a dot or with a dollar sign. */
    private static String canonical(String name) {
        return name.replace('$', '.');
    }

    private static Map<String, AttributeMetadata> attributes(Element definition) {
        Map<String, AttributeMetadata> attributes = new LinkedHashMap<>();
        NodeList elements = definition.getElementsByTagName("AD");
        for (int i = 0; i < elements.getLength(); i++) {
            Element attribute = (Element) elements.item(i);
            attributes.put(
                    attribute.getAttribute("id"),
                    new AttributeMetadata(
                            attribute.getAttribute("description"),
                            optional(attribute, "min"),
                            optional(attribute, "max"),
                            options(attribute)));
        }
        return attributes;
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
