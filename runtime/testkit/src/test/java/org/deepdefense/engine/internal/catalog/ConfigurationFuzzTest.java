// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.fileinstall.shaded.util.properties.TypedProperties;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.testkit.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;

/**
 * Damaged configuration files, as File Install reads them: each value that cannot be is reported,
 * and leaves its default in force.
 */
@Tag("slow")
class ConfigurationFuzzTest {

    private static final long SEED = 14;
    private static final String NAME = "deepdefense.name";

    private static final Map<String, AttributeMetadata> METADATA =
            Map.of(
                    "epsilon",
                    new AttributeMetadata("", Optional.of("0"), Optional.of("1"), List.of()),
                    "steps",
                    new AttributeMetadata("", Optional.of("1"), Optional.of("100"), List.of()),
                    "mode",
                    new AttributeMetadata(
                            "", Optional.empty(), Optional.empty(), List.of("fast", "slow")));

    private static final String PLAIN =
            """
            # an attack
            deepdefense.name = strong
            epsilon = 8/255
            steps = 40
            seed : 123456789012
            noise = true
            mode = slow
            colour = RED
            mirrors = a, \\
                b
            """;

    private static final String TYPED =
            """
            deepdefense.name = "typed"
            epsilon = D"4602678819172646912"
            steps = I"40"
            noise = B"true"
            mirrors = [ "a", "b" ]
            mode = ( "fast" )
            """;

    /** What can be set. */
    @interface Some {

        /** Returns a number. */
        double epsilon() default 0.1;

        /** Returns an integer. */
        int steps() default 10;

        /** Returns a large integer. */
        long seed() default 7;

        /** Returns a flag. */
        boolean noise() default false;

        /** Returns a choice by its metadata. */
        String mode() default "fast";

        /** Returns a choice by its type. */
        Colour colour() default Colour.GREEN;

        /** Returns texts. */
        String[] mirrors() default {};
    }

    /** Colours. */
    enum Colour {
        RED,
        GREEN
    }

    @Test
    void everyFileIsReadOrReported() throws Exception {
        new Fuzz(
                        ".cfg",
                        SEED,
                        PLAIN.getBytes(StandardCharsets.UTF_8),
                        TYPED.getBytes(StandardCharsets.UTF_8))
                .run(1000, ConfigurationFuzzTest::check);
    }

    private static void check(byte[] content) {
        Map<String, Object> properties = read(content);
        Map<String, Attribute> attributes = Parameters.attributes(Some.class, METADATA);
        List<String> problems =
                new ConfigurationCheck("x.cfg", Set.of(NAME), attributes).problems(properties);
        for (ParameterInfo parameter : parameters(properties).infos()) {
            Attribute attribute = attributes.get(parameter.name());
            String standard = Attribute.text(attribute.defaultValue());
            boolean reported =
                    problems.stream()
                            .anyMatch(p -> p.contains("parameter \"" + parameter.name() + "\""));
            if (reported || !properties.containsKey(parameter.name())) {
                assertEquals(standard, parameter.value(), parameter.name());
            }
        }
        for (String key : properties.keySet()) {
            boolean known = attributes.containsKey(key) || key.equals(NAME);
            assertTrue(
                    known
                            || key.matches("(?s)(service|component|felix)\\..*|[.:].*")
                            || problems.stream().anyMatch(p -> p.contains("\"" + key + "\"")),
                    key);
        }
        parameters(properties).bind(Map.of());
    }

    /** Reads as File Install does, which logs what it cannot read. */
    private static Map<String, Object> read(byte[] content) {
        TypedProperties properties = new TypedProperties(null, false);
        Map<String, Object> read = new HashMap<>();
        try (InputStreamReader reader =
                new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.UTF_8)) {
            properties.load(reader);
            properties.keySet().forEach(key -> read.put(key, properties.get(key)));
        } catch (IOException | RuntimeException e) {
            throw new DeepDefenseException("unread", "the file is reported as not in force", e);
        }
        return read;
    }

    private static Parameters<Some> parameters(Map<String, Object> properties) {
        ServiceReference<?> reference =
                (ServiceReference<?>)
                        Proxy.newProxyInstance(
                                ConfigurationFuzzTest.class.getClassLoader(),
                                new Class<?>[] {ServiceReference.class},
                                (proxy, method, arguments) ->
                                        switch (method.getName()) {
                                            case "getPropertyKeys" ->
                                                    properties.keySet().toArray(String[]::new);
                                            case "getProperty" -> properties.get(arguments[0]);
                                            default -> null;
                                        });
        return new Parameters<>(
                plugin(reference), Some.class, Parameters.attributes(Some.class, METADATA));
    }

    private static <S> Plugin<S> plugin(ServiceReference<S> reference) {
        return Plugin.of("attack", reference, LazyService.of(null), Optional::empty);
    }
}
