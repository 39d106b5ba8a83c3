// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.util.Locale;
import java.util.Map;
import org.jline.utils.Colors;

/** How many colours a terminal shows. */
public enum ColorDepth {
    /** No colour, no bold print. */
    NONE {
        @Override
        public String color(boolean background, int red, int green, int blue) {
            return "";
        }
    },
    /** The 256 colours of xterm. */
    INDEXED {
        @Override
        public String color(boolean background, int red, int green, int blue) {
            return layer(background) + "5;" + Colors.roundRgbColor(red, green, blue, 256) + "m";
        }
    },
    /** 24 bits. */
    FULL {
        @Override
        public String color(boolean background, int red, int green, int blue) {
            return layer(background) + "2;" + red + ";" + green + ";" + blue + "m";
        }
    };

    /** Ends all colours. */
    public static final String RESET = "\u001b[0m";

    /**
     * Returns the sequence that sets a colour.
     *
     * @param background whether of the background
     * @param red 0 to 255
     * @param green 0 to 255
     * @param blue 0 to 255
     * @return an escape sequence, empty if there are no colours
     */
    public abstract String color(boolean background, int red, int green, int blue);

    private static String layer(boolean background) {
        return background ? "\u001b[48;" : "\u001b[38;";
    }

    /**
     * Tells from the environment what the terminal can do.
     *
     * @param environment the variables of the process
     * @param type the type of the terminal, such as {@code xterm-256color}
     * @return the depth
     */
    public static ColorDepth of(Map<String, String> environment, String type) {
        String terminal = type.toLowerCase(Locale.ROOT);
        if (environment.containsKey("NO_COLOR")
                || terminal.isEmpty()
                || terminal.startsWith("dumb")) {
            return NONE;
        }
        String hint = environment.getOrDefault("COLORTERM", "").toLowerCase(Locale.ROOT);
        if (hint.equals("truecolor") || hint.equals("24bit") || terminal.endsWith("-direct")) {
            return FULL;
        }
        return terminal.contains("256color") ? INDEXED : NONE;
    }
}
