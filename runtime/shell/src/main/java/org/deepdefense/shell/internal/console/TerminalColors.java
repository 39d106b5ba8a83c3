// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import org.deepdefense.report.text.ColorDepth;
import org.jline.utils.Colors;

/** The sequences that set colours on a terminal. */
public final class TerminalColors {

    private TerminalColors() {}

    /**
     * Returns the sequence that sets a colour.
     *
     * @param depth how many colours the terminal shows
     * @param background whether of the background
     * @param red 0 to 255
     * @param green 0 to 255
     * @param blue 0 to 255
     * @return an escape sequence, empty if there are no colours
     */
    public static String color(ColorDepth depth, boolean background, int red, int green, int blue) {
        String layer = background ? "\u001b[48;" : "\u001b[38;";
        return switch (depth) {
            case NONE -> "";
            case INDEXED -> layer + "5;" + Colors.roundRgbColor(red, green, blue, 256) + "m";
            case FULL -> layer + "2;" + red + ";" + green + ";" + blue + "m";
        };
    }
}
