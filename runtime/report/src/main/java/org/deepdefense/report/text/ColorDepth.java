// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.util.Locale;
import java.util.Map;

/** How many colours a terminal shows. */
public enum ColorDepth {
    /** No colour, no bold print. */
    NONE,
    /** The 256 colours of xterm. */
    INDEXED,
    /** 24 bits. */
    FULL;

    /** Ends all colours. */
    public static final String RESET = "\u001b[0m";

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
