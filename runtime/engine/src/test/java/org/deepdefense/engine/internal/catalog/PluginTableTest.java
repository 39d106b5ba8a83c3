// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.fixture.Registration;
import org.deepdefense.engine.internal.fixture.TestBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

class PluginTableTest {

    private static final Map<String, Object> COMPONENT =
            Map.of("deepdefense.name", "pgd", "component.name", "Pgd");

    private final PluginTable<String> table = new PluginTable<>("attack");

    private ServiceReference<String> add(String bundle, String version, int ranking) {
        return add(new TestBundle(bundle, version, ""), bundle + "-" + version, ranking);
    }

    private ServiceReference<String> add(TestBundle bundle, String service, int ranking) {
        ServiceReference<String> reference =
                new Registration<>(
                        Map.of("deepdefense.name", "pgd", "service.ranking", ranking), bundle);
        table.add(reference, service);
        return reference;
    }

    @Test
    void rankingThenTheNewestVersionThenSeniorityDecides() {
        add("ours", "1.0.0", 0);
        add("theirs", "9.0.0", 0);
        ServiceReference<String> newer = add("ours", "1.1.0", 0);
        assertEquals("ours-1.1.0", table.get("pgd").service());
        ServiceReference<String> best = add("best", "0.1.0", 7);
        assertEquals(
                List.of(
                        "pgd@0.1.0 of best 0.1.0: serves pgd",
                        "pgd@1.1.0 of ours 1.1.0: shadowed: its ranking 0 is lower than 7",
                        "pgd@1.0.0 of ours 1.0.0: shadowed: its ranking 0 is lower than 7",
                        "pgd@9.0.0 of theirs 9.0.0: shadowed: its ranking 0 is lower than 7"),
                candidates());
        table.remove(best);
        assertEquals(
                List.of(
                        "pgd@1.1.0 of ours 1.1.0: serves pgd",
                        "pgd@1.0.0 of ours 1.0.0: shadowed: an older version",
                        "pgd@9.0.0 of theirs 9.0.0: shadowed: of equal rank, and came later"),
                candidates());
        table.remove(newer);
        assertEquals("ours-1.0.0", table.get("pgd").service());
        assertEquals(1, table.named().size());
    }

    private List<String> candidates() {
        return Selection.of(table.candidates("pgd")).stream()
                .map(c -> c.name() + " of " + c.bundle() + ": " + c.standing())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "pgd, a-1.0.0",
        "pgd@1.0.0, a-1.0.0",
        "pgd@1, a-1.0.0",
        "pgd@a, a-1.0.0",
        "pgd@2, b-2.0.0.beta",
        "pgd@2.0.0.beta, b-2.0.0.beta",
        "pgd@b/2, b-2.0.0.beta",
        "pgd@b/3.0, b-3.0.0",
        "pgd@3, several",
        "pgd@b, several",
        "pgd@4, none",
        "pgd@, none",
        "pgd@2.0.0.be, none",
        "pgd@a/2, none",
        "@1.0.0, none",
        "other@1.0.0, none"
    })
    void aSelectorMeansOnePlugin(String name, String expected) {
        add("a", "1.0.0", 0);
        add("b", "2.0.0.beta", 0);
        add("b", "3.0.0", 0);
        add("c", "3.0.0", 0);
        if (expected.contains("-")) {
            assertEquals(expected, table.get(name).service());
            return;
        }
        String message =
                assertThrows(DeepDefenseException.class, () -> table.get(name)).getMessage();
        assertTrue(message.contains("\"" + name + "\""), message);
        assertEquals(expected.equals("several"), message.startsWith("Several bundles"), message);
    }

    @Test
    void everyCandidateHasANameThatMeansIt() {
        Stream.of("1.0.0", "2.0.0").forEach(version -> add("a", version, 0));
        Stream.of("1.0.0", "3.0.0").forEach(version -> add("b", version, 0));
        for (Plugin<String> plugin : table.candidates("pgd")) {
            String name =
                    Selection.of(table.candidates("pgd")).stream()
                            .filter(c -> c.bundle().equals(plugin.bundleName()))
                            .findFirst()
                            .orElseThrow()
                            .name();
            assertSame(plugin, table.get(name), name);
        }
    }

    @Test
    void oneThatDoesNotStartHidesNoOther() {
        Registration<String> reference = new Registration<>(COMPONENT, "");
        LazyService<String> none = LazyService.of(null);
        table.add(reference, Plugin.of("format", reference, none, Optional::empty));
        add("a", "1.0.0", 0);
        assertEquals(2, table.all().size());
        assertEquals(List.of("a-1.0.0"), table.started().stream().map(Plugin::service).toList());
    }

    @Test
    void aNameMayHaveAnAtSignOfItsOwn() {
        table.add(new Registration<>(Map.of("deepdefense.name", "pgd@home"), ""), "homely");
        assertEquals("homely", table.get("pgd@home").service());
    }

    private String departure(TestBundle bundle, Runnable event) {
        ServiceReference<String> reference = new Registration<>(COMPONENT, bundle);
        table.add(reference, "service");
        Plugin<String> plugin = table.get("pgd");
        table.remove(reference);
        event.run();
        return plugin.isUsable()
                ? "usable"
                : new Departure(table, Duration.ofMillis(50)).error(plugin, null).getMessage();
    }

    @Test
    void aPluginWhoseConfigurationChangesStaysUsable() {
        assertEquals("usable", departure(new TestBundle("a", "1.0.0", ""), () -> {}));
    }

    @Test
    void whatBecameOfTheBundleIsSaid() {
        TestBundle bundle = new TestBundle("a", "1.0.0", "");
        assertEquals(
                "Attack \"pgd\" (bundle a 1.0.0) was replaced by version 1.2.0 while in use: repeat"
                        + " the command to use that",
                departure(bundle, () -> bundle.update("1.2.0", "")));
        assertEquals(
                "Attack \"pgd\" (bundle a 1.2.0) was stopped while in use: start its bundle and"
                        + " repeat the command",
                departure(bundle, () -> bundle.setState(Bundle.RESOLVED)));
        bundle.setState(Bundle.ACTIVE);
        assertEquals(
                "Attack \"pgd\" (bundle a 1.2.0) was removed while in use: install it again and"
                        + " repeat the command",
                departure(bundle, () -> bundle.setState(Bundle.UNINSTALLED)));
        TestBundle other = new TestBundle("a", "1.2.0", "");
        assertEquals(
                "Attack \"pgd\" (bundle a 1.2.0) was replaced by version 1.3.0 while in use: repeat"
                        + " the command to use that",
                departure(
                        other,
                        () -> {
                            other.setState(Bundle.UNINSTALLED);
                            add("a", "1.3.0", 0);
                        }));
    }

    @Test
    void metatypeIsReadOnceForEachStateOfABundle() {
        TestBundle bundle = new TestBundle("a", "1.0.0", ocd("steps"));
        Metatypes metatypes = new Metatypes();
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    List.of("steps"),
                    List.copyOf(metatypes.of(bundle.bundle()).attributes(Some.class).keySet()));
        }
        assertEquals(1, bundle.reads());
        bundle.update("1.0.0", ocd("epsilon"));
        assertEquals(
                List.of("epsilon"),
                List.copyOf(metatypes.of(bundle.bundle()).attributes(Some.class).keySet()));
        assertEquals(2, bundle.reads());
    }

    /** Parameters. */
    @interface Some {}

    private static String ocd(String attribute) {
        return "<MetaData><OCD id='%s'><AD id='%s'/></OCD></MetaData>"
                .formatted(Some.class.getName(), attribute);
    }
}
