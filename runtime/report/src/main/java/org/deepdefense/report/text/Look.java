// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

/**
 * How text may look where it is shown.
 *
 * @param colors the colours
 * @param unicode whether letters outside ASCII arrive as such
 * @param width columns, or 0 if lines may have any length
 * @param redraws whether a line can be drawn again in place
 */
public record Look(ColorDepth colors, boolean unicode, int width, boolean redraws) {

    /** Text for a file or another program. */
    public static final Look PLAIN = new Look(ColorDepth.NONE, false, 0, false);

    /**
     * Returns bold text.
     *
     * @param text any text
     * @return the text, bold where that is possible
     */
    public String bold(String text) {
        return style("1", text);
    }

    /**
     * Returns text that stands back.
     *
     * @param text any text
     * @return the text, dim where that is possible
     */
    public String dim(String text) {
        return style("2", text);
    }

    /**
     * Returns text that warns.
     *
     * @param text any text
     * @return the text, red where that is possible
     */
    public String red(String text) {
        return style("31", text);
    }

    private String style(String code, String text) {
        String shown = text(text);
        return colors == ColorDepth.NONE || shown.isEmpty()
                ? shown
                : "\u001b[" + code + "m" + shown + ColorDepth.RESET;
    }

    /**
     * Chooses between two ways to write something.
     *
     * @param symbol with letters outside ASCII
     * @param ascii without
     * @return the one that can be shown
     */
    public String either(String symbol, String ascii) {
        return unicode ? symbol : ascii;
    }

    /**
     * Returns the name of the paper's measure of robustness.
     *
     * @return ρ₂ or rho2
     */
    public String rho2() {
        return either("ρ₂", "rho2");
    }

    /**
     * Returns the name of the budget of an attack.
     *
     * @return ε or eps
     */
    public String epsilon() {
        return either("ε", "eps");
    }

    /**
     * Makes text of plug-ins, files and users fit to be shown.
     *
     * @param text any text
     * @return one line that moves nothing on a terminal, in letters that arrive as such
     */
    public String text(String text) {
        String line = Printable.of(text);
        return unicode ? line : Printable.ascii(line);
    }

    /**
     * Makes a line of a renderer fit to be shown.
     *
     * @param line a line, with colours where there are some
     * @return the line, in which nothing but its colours is more than letters
     */
    public String line(String line) {
        String shown = colors == ColorDepth.NONE ? Printable.of(line) : Printable.styled(line);
        return unicode ? shown : Printable.ascii(shown);
    }
}
