// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.deepdefense.attack.Attack;

/** Writes bundles with attacks, as a build tool makes them of annotated classes. */
final class PluginJar {

    private static final String IMPORTS =
            "ai.djl.ndarray;version=\"[0.35,1)\",org.deepdefense.attack;version=\"[1.0,2)\","
                    + "org.deepdefense.model;version=\"[1.0,2)\"";
    private static final String COMPONENT =
            """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s">
              %s
              <service><provide interface="%s"/></service>
              <implementation class="%s"/>
            </scr:component>
            """;

    private final String name;
    private final String version;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final StringBuilder components = new StringBuilder();

    PluginJar(String name, String version) {
        this.name = name;
        this.version = version;
    }

    /** Adds a component whose properties are texts. */
    PluginJar attack(String component, Class<?> type, Map<String, String> properties)
            throws IOException {
        StringBuilder lines = new StringBuilder();
        properties.forEach(
                (key, value) ->
                        lines.append("<property name='%s' value='%s'/>".formatted(key, value)));
        String path = "OSGI-INF/" + component + ".xml";
        String xml = COMPONENT.formatted(component, lines, Attack.class.getName(), type.getName());
        entries.put(path, xml.getBytes(StandardCharsets.UTF_8));
        components.append(components.isEmpty() ? "" : ",").append(path);
        add(type);
        for (Class<?> nested : type.getDeclaredClasses()) {
            add(nested);
        }
        // What a compiler makes of a switch over constants.
        add(type.getName().replace('.', '/') + "$1.class", type);
        return this;
    }

    private void add(Class<?> type) throws IOException {
        add(type.getName().replace('.', '/') + ".class", type);
    }

    private void add(String path, Class<?> neighbour) throws IOException {
        try (InputStream in = neighbour.getClassLoader().getResourceAsStream(path)) {
            if (in != null) {
                entries.put(path, in.readAllBytes());
            }
        }
    }

    /** Writes the bundle. */
    Path write(Path file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", IMPORTS);
        main.putValue("Service-Component", components.toString());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }
}
