// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class LaunchOptionsTest {

    private final Properties system = new Properties();

    LaunchOptionsTest() {
        system.setProperty("user.home", "/home/somebody");
    }

    @Test
    void withoutArgumentsItIsAShellInTheDefaultHome() {
        LaunchOptions options = parse(Map.of());
        assertTrue(options.command().isEmpty());
        assertEquals(Path.of("/home/somebody/.deepdefense"), options.home());
        assertEquals("/home/somebody/.deepdefense", options.properties().get("deepdefense.home"));
    }

    @Test
    void theOptionForTheHomeCountsMoreThanPropertyAndEnvironment() {
        Map<String, String> env = Map.of("DEEPDEFENSE_HOME", "/env");
        assertEquals(Path.of("/env"), parse(env).home());
        assertEquals(Path.of("/property"), parse(env, "-Ddeepdefense.home=/property").home());
        system.setProperty("deepdefense.home", "/system");
        assertEquals(Path.of("/system"), parse(env).home());
        assertEquals(Path.of("/option"), parse(env, "--home=/option").home());
    }

    @Test
    void theHomeMayBeNamedAnywhereAndTheRestIsTheCommands() {
        LaunchOptions options =
                parse(Map.of(), "train", "--epochs", "2", "--home", "/x", "--seed=1");
        assertEquals(List.of("train", "--epochs", "2", "--seed=1"), options.command());
        assertEquals(Path.of("/x"), options.home());
    }

    @Test
    void aRelativeHomeIsMadeAbsolute() {
        assertTrue(parse(Map.of(), "--home", "x").home().isAbsolute());
    }

    @Test
    void afterTwoHyphensEverythingIsTheCommands() {
        assertEquals(
                List.of("echo", "--", "--home"), parse(Map.of(), "echo", "--", "--home").command());
    }

    @Test
    void propertiesStandBeforeTheCommand() {
        LaunchOptions options = parse(Map.of(), "-Da=b=c", "list", "-Dx=y");
        assertEquals("b=c", options.properties().get("a"));
        assertEquals(List.of("list", "-Dx=y"), options.command());
    }

    @Test
    void dataOfTheEnvironmentYieldsToTheProperty() {
        Map<String, String> env = Map.of("DEEPDEFENSE_DATA", "/env");
        assertEquals("/env", parse(env).properties().get("deepdefense.data"));
        assertEquals(
                "/p", parse(env, "-Ddeepdefense.data=/p").properties().get("deepdefense.data"));
        system.setProperty("deepdefense.data", "/system");
        assertFalse(parse(env).properties().containsKey("deepdefense.data"));
    }

    @Test
    void aHomeThatIsNoDirectoryIsRefusedInOneLine() {
        assertThrows(IllegalArgumentException.class, () -> parse(Map.of(), "list", "--home"));
        assertThrows(IllegalArgumentException.class, () -> parse(Map.of(), "--home="));
        assertThrows(IllegalArgumentException.class, () -> parse(Map.of(), "--home", "a\0b"));
    }

    private LaunchOptions parse(Map<String, String> env, String... args) {
        return LaunchOptions.parse(args, env, system);
    }
}
