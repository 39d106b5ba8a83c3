// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.junit.jupiter.api.Test;
import org.osgi.util.converter.Converters;

class SettingsTest {

    private static Settings settings(Map<String, String> properties, Map<String, String> env) {
        return new Settings(properties::get, env::get);
    }

    @Test
    void propertiesComeBeforeTheEnvironment() {
        Map<String, String> env = Map.of("DEEPDEFENSE_DATA", "b", "DEEPDEFENSE_OFFLINE", "true");
        Settings both = settings(Map.of("deepdefense.data", "a"), env);
        assertEquals(Optional.of(Path.of("a")), both.dataDirectory());
        assertEquals(Optional.of(Path.of("b")), settings(Map.of(), env).dataDirectory());
        assertEquals(Optional.empty(), settings(Map.of(), Map.of()).dataDirectory());
        assertTrue(both.isOffline());
        assertFalse(settings(Map.of("deepdefense.offline", "false"), env).isOffline());
    }

    @Test
    void threadsAreANumberAboveZero() {
        assertEquals(3, settings(Map.of("deepdefense.threads", " 3 "), Map.of()).threads());
        assertEquals(
                Runtime.getRuntime().availableProcessors(), settings(Map.of(), Map.of()).threads());
        for (String wrong : new String[] {"0", "-1", "many"}) {
            Settings settings = settings(Map.of("deepdefense.threads", wrong), Map.of());
            String message =
                    assertThrows(DeepDefenseException.class, settings::threads).getMessage();
            assertTrue(message.contains("\"" + wrong + "\"") && message.contains("1 or more"));
        }
    }

    @Test
    void whatIsConfiguredComesLastAndHoldsAtOnce() {
        Settings settings = settings(Map.of("deepdefense.threads", "3"), Map.of());
        settings.modified(config(Map.of("data", "c", "offline", "true", "threads", "7")));
        assertEquals(Optional.of(Path.of("c")), settings.dataDirectory());
        assertTrue(settings.isOffline());
        assertEquals(3, settings.threads());
        assertEquals(Duration.ofSeconds(5), settings.timeout());

        settings.modified(config(Map.of("timeout", "9")));
        assertEquals(Optional.empty(), settings.dataDirectory());
        assertFalse(settings.isOffline());
        assertEquals(Duration.ofSeconds(9), settings.timeout());
    }

    @Test
    void whatCannotBeConfiguredLeavesTheDefault() {
        Settings settings = settings(Map.of(), Map.of());
        settings.modified(config(Map.of("threads", "many", "timeout", "-1", "offline", "true")));
        assertEquals(Runtime.getRuntime().availableProcessors(), settings.threads());
        assertEquals(Duration.ofSeconds(5), settings.timeout());
        assertTrue(settings.isOffline());
    }

    private static Settings.Config config(Map<String, String> values) {
        return Converters.standardConverter().convert(values).to(Settings.Config.class);
    }
}
