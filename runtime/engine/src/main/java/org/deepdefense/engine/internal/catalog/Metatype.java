// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * What the metatype resources of a bundle say. They are read as they are because the Metatype
 * Service tells everything but the smallest and the largest value.
 *
 * @param types attributes by the names of annotation types, both in the order of the resources
 * @param pids the names of the annotation types of configurations, by their PID
 */
record Metatype(Map<String, Map<String, AttributeMetadata>> types, Map<String, String> pids) {

    private static final String FOLDER = "OSGI-INF/metatype";
    private static final Logger logger = LoggerFactory.getLogger(Metatype.class);

    /** Reads all resources of a bundle; one that is damaged hides no other. */
    static Metatype read(Bundle bundle) {
        Metatype metatype = new Metatype(new LinkedHashMap<>(), new HashMap<>());
        Enumeration<URL> resources = bundle.findEntries(FOLDER, "*.xml", false);
        if (resources != null) {
            for (URL resource : Collections.list(resources)) {
                try (InputStream in = resource.openStream()) {
                    metatype.add(parse(in));
                } catch (IOException | SAXException e) {
                    logger.warn("Cannot read {}", resource, e);
                }
            }
        }
        return metatype;
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

    private void add(Document document) {
        NodeList definitions = document.getElementsByTagName("OCD");
        for (int i = 0; i < definitions.getLength(); i++) {
            Element definition = (Element) definitions.item(i);
            types.put(canonical(definition.getAttribute("id")), attributes(definition));
        }
        NodeList designates = document.getElementsByTagName("Designate");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            NodeList objects = designate.getElementsByTagName("Object");
            for (String key : new String[] {"pid", "factoryPid"}) {
                String pid = designate.getAttribute(key);
                if (!pid.isEmpty() && objects.getLength() > 0) {
                    pids.put(pid, ((Element) objects.item(0)).getAttribute("ocdref"));
                }
            }
        }
    }

    private static Map<String, AttributeMetadata> attributes(Element definition) {
        Map<String, AttributeMetadata> attributes = new LinkedHashMap<>();
        NodeList elements = definition.getElementsByTagName("AD");
        for (int i = 0; i < elements.getLength(); i++) {
            Element attribute = (Element) elements.item(i);
            attributes.put(attribute.getAttribute("id"), AttributeMetadata.of(attribute));
        }
        return attributes;
    }

    /** Names of nested types are written with a dot or with a dollar sign. */
    private static String canonical(String name) {
        return name.replace('$', '.');
    }

    /**
     * Returns what is said of an annotation type.
     *
     * @return metadata by the name of the attribute, in the order of the resource; empty if the
     *     bundle has none for this type
     */
    Map<String, AttributeMetadata> attributes(Class<?> type) {
        return types.getOrDefault(canonical(type.getName()), Map.of());
    }

    /** Returns the name of the annotation type of a configuration, if it has one. */
    Optional<String> typeOf(String pid) {
        return Optional.ofNullable(pids.get(pid));
    }

    /** Returns the annotation type of a configuration, if its bundle has it. */
    Optional<Class<?>> typeOf(String pid, Bundle bundle) {
        try {
            return pids.containsKey(pid)
                    ? Optional.of(bundle.loadClass(pids.get(pid)))
                    : Optional.empty();
        } catch (ClassNotFoundException | LinkageError | IllegalStateException e) {
            // The bundle is faulty, or about to leave: that is said where it is used.
            logger.debug("The parameters of {} cannot be read", pid, e);
            return Optional.empty();
        }
    }
}
