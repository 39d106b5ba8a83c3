// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.home.Claims.Claim;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClaimsTest {

    @TempDir private Path directory;
    private Home home;
    private Claims claims;

    @BeforeEach
    void open() {
        home = new Home(directory.resolve("home"));
        claims = new Claims(home.checkpoints(), home);
    }

    @Test
    void aNameIsClaimedOnceInAProcess() throws IOException {
        Claim first = claims.claim("a");
        Claims others = new Claims(home.checkpoints(), home);
        assertTrue(refusal(others, "a").startsWith("Process " + ProcessHandle.current().pid()));
        claims.claim("b").close();
        first.close();
        Claim second = others.claim("a");
        first.close();
        assertThrows(DeepDefenseException.class, () -> claims.claim("a"));
        second.close();
        assertEquals(List.of(), files());
    }

    @Test
    void anotherProcessIsNamedAndItsClaimEndsWithIt() throws Exception {
        try (Holder other = new Holder(directory.resolve("home"), "a")) {
            assertEquals(
                    "Process "
                            + other.pid()
                            + " is training a network to be saved as a:"
                            + " wait for it, stop it, or choose another name",
                    refusal(claims, "a"));
            // Asking does not take it away.
            assertTrue(refusal(claims, "a").contains("Process " + other.pid()));
            assertFalse(claims.isFree("a"));
            claims.tidy();
            assertEquals(List.of(".a.lock"), files());
        }
        assertTrue(claims.isFree("a"));
        claims.claim("a").close();
        assertEquals(List.of(), files());
    }

    @Test
    void whatAKilledProcessClaimedIsTidiedAway() throws Exception {
        new Holder(directory.resolve("home"), "a").close();
        assertEquals(List.of(".a.lock"), files());
        Claim mine = claims.claim("b");
        claims.tidy();
        assertEquals(List.of(".b.lock"), files());
        mine.close();
    }

    @Test
    void aHomeThatCannotBeUsedIsAnErrorThatNamesIt() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a file");
        Home none = new Home(file.resolve("home"));
        String message = refusal(new Claims(none.checkpoints(), none), "a");
        assertTrue(message.contains(file.toString()) && message.contains("--home"), message);
    }

    private static String refusal(Claims claims, String name) {
        return assertThrows(DeepDefenseException.class, () -> claims.claim(name)).getMessage();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(home.checkpoints())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
