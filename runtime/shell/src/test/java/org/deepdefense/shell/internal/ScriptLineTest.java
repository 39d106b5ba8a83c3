// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptLineTest {

    private static List<String> words(String line) throws CommandFailure {
        return ScriptLine.words(line);
    }

    @Test
    void blanksSeparateWords() throws CommandFailure {
        assertEquals(List.of("a", "b=c"), words("  a \t b=c "));
        assertEquals(List.of(), words("   "));
    }

    @Test
    void quotesAndBackslashesKeepThem() throws CommandFailure {
        assertEquals(
                List.of("a b", "c\"d", "--x=e f", "g h", "i\\j", ""),
                words("'a b' \"c\\\"d\" --x='e f' g\\ h 'i\\j' ''"));
    }

    @Test
    void commentsBeginWords() throws CommandFailure {
        assertEquals(List.of(), words("# all"));
        assertEquals(List.of("a#b", "#c"), words("a#b '#c' # d"));
    }

    @Test
    void quotesAreClosed() {
        assertThrows(CommandFailure.class, () -> words("a \"b"));
    }
}
