// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Users configure plug-ins by names of the project, which no change of a class changes. */
public class ConfigurationNamesIT {

    /** The kinds of plug-ins, by their services. */
    private static final Map<String, String> KINDS =
            Map.of(
                    "org.deepdefense.attack.Attack", "attack",
                    "org.deepdefense.defense.Defense", "defense",
                    "org.deepdefense.defense.ObjectiveModifier", "modifier",
                    "org.deepdefense.dataset.DatasetProvider", "dataset",
                    "org.deepdefense.model.ModelProvider", "model");

    private static final Pattern PID =
            Pattern.compile(
                    "deepdefense\\.((attack|defense|modifier|dataset|model)\\.)?[a-z0-9_]+");

    @Test
    public void everyPluginIsConfiguredByItsKindAndName() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        for (Element component : components()) {
            String service = attribute(component, "provide", "interface", "");
            if (KINDS.containsKey(service)) {
                String kind = KINDS.get(service);
                String name = property(component, "deepdefense.name");
                String type = component.getAttribute("name");
                // A hyphen in the name of a file ends the PID.
                expected.put(type, "deepdefense." + kind + "." + name.replace('-', '_'));
                actual.put(type, component.getAttribute("configuration-pid"));
            }
        }
        assertTrue(expected.toString(), expected.containsValue("deepdefense.attack.pgd"));
        assertTrue(expected.toString(), expected.containsValue("deepdefense.dataset.mnist"));
        assertEquals(expected, actual);
    }

    @Test
    public void whatElseIsConfiguredBelongsToTheProject() throws Exception {
        List<String> others = new ArrayList<>();
        for (Document metatype : documents("OSGI-INF/metatype/")) {
            NodeList designates = metatype.getElementsByTagName("Designate");
            for (int i = 0; i < designates.getLength(); i++) {
                String pid = ((Element) designates.item(i)).getAttribute("pid");
                if (!PID.matcher(pid).matches()) {
                    others.add(pid);
                }
            }
        }
        assertEquals(List.of(), others);
    }

    private static List<Element> components() throws Exception {
        return documents("OSGI-INF/").stream().map(Document::getDocumentElement).toList();
    }

    private static String property(Element component, String name) {
        NodeList properties = component.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals(name)) {
                return property.getAttribute("value");
            }
        }
        return "";
    }

    private static String attribute(Element parent, String tag, String name, String otherwise) {
        NodeList elements = parent.getElementsByTagName(tag);
        return elements.getLength() == 0
                ? otherwise
                : ((Element) elements.item(0)).getAttribute(name);
    }

    /** The XML files right in a folder of the bundles of the distribution and of the examples. */
    private static List<Document> documents(String folder) throws Exception {
        List<Document> documents = new ArrayList<>();
        for (Path bundle : bundles()) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().matches(folder + "[^/]+\\.xml")) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            documents.add(
                                    DocumentBuilderFactory.newInstance()
                                            .newDocumentBuilder()
                                            .parse(in));
                        }
                    }
                }
            }
        }
        return documents;
    }

    private static List<Path> bundles() throws IOException {
        List<Path> bundles = new ArrayList<>();
        bundles.add(FelixTest.examplePlugin());
        bundles.add(FelixTest.exampleApplication());
        try (Stream<Path> jars = Files.list(FelixTest.dist().resolve("bundle/" + FelixTest.OURS))) {
            jars.forEach(bundles::add);
        }
        return bundles;
    }
}
