// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.junit.jupiter.api.Test;

class LookTest {

    @Test
    void colorsAreWhatTheTerminalSays() {
        assertEquals(ColorDepth.FULL, ColorDepth.of(Map.of("COLORTERM", "truecolor"), "xterm"));
        assertEquals(ColorDepth.FULL, ColorDepth.of(Map.of(), "xterm-direct"));
        assertEquals(ColorDepth.INDEXED, ColorDepth.of(Map.of(), "screen-256color"));
        assertEquals(ColorDepth.NONE, ColorDepth.of(Map.of(), "vt100"));
        assertEquals(ColorDepth.NONE, ColorDepth.of(Map.of("COLORTERM", "24bit"), "dumb"));
        assertEquals(
                ColorDepth.NONE,
                ColorDepth.of(Map.of("COLORTERM", "24bit", "NO_COLOR", ""), "xterm"));
    }

    @Test
    void colorsAreEscapeSequences() {
        assertEquals("\u001b[48;2;1;2;3m", TerminalColors.color(ColorDepth.FULL, true, 1, 2, 3));
        assertEquals(
                "\u001b[38;5;231m", TerminalColors.color(ColorDepth.INDEXED, false, 255, 255, 255));
        assertEquals("", TerminalColors.color(ColorDepth.NONE, false, 255, 255, 255));
    }

    @Test
    void lettersOutsideAsciiAreReplaced() {
        assertEquals("Linf eps rho2 Mose-x", Look.PLAIN.text("L∞ ε ρ₂ Mosé–×"));
        assertEquals("L∞", new Look(ColorDepth.NONE, true, 0, false).text("L∞"));
    }

    @Test
    void stylesNeedColors() {
        assertEquals("a", Look.PLAIN.bold("a"));
        assertEquals("\u001b[31ma\u001b[0m", new Look(ColorDepth.FULL, true, 80, true).red("a"));
    }
}
