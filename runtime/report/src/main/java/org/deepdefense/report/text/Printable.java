// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of plug-ins, files and users as it may stand in a line of a terminal: nothing in it moves
 * the cursor, starts a line, rings, changes colours or turns the direction of writing.
 */
public final class Printable {

    /** What {@link Look} writes to style text. */
    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final Pattern NO_ASCII = Pattern.compile("\\P{ASCII}");
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    /** What stands for the letters and signs that this software and its attacks use. */
    private static final Map<String, String> IN_ASCII = new LinkedHashMap<>();

    static {
        IN_ASCII.put("∞", "inf");
        IN_ASCII.put("ρ", "rho");
        IN_ASCII.put("ε", "eps");
        IN_ASCII.put("σ", "sigma");
        IN_ASCII.put("λ", "lambda");
        IN_ASCII.put("Δ", "Delta");
        IN_ASCII.put("ℓ", "l");
        IN_ASCII.put("₀", "0");
        IN_ASCII.put("₁", "1");
        IN_ASCII.put("₂", "2");
        IN_ASCII.put("‖", "||");
        IN_ASCII.put("×", "x");
        IN_ASCII.put("·", "*");
        IN_ASCII.put("–", "-");
        IN_ASCII.put("—", "-");
        IN_ASCII.put("−", "-");
        IN_ASCII.put("…", "...");
        IN_ASCII.put("≤", "<=");
        IN_ASCII.put("≥", ">=");
        IN_ASCII.put("ß", "ss");
        IN_ASCII.put("ø", "o");
        IN_ASCII.put("▀", " ");
        IN_ASCII.put("█", "#");
        IN_ASCII.put("░", ".");
        IN_ASCII.put("▕", "[");
        IN_ASCII.put("▏", "]");
    }

    private Printable() {}

    /**
     * Makes text fit for a line: whatever separates lines or words becomes a blank, and every other
     * control or invisible character is written out.
     *
     * @param text any text
     * @return the text, with {@code \\u001b} for an escape
     */
    public static String of(String text) {
        return text.codePoints().allMatch(Printable::isVisible) ? text : writtenOut(text);
    }

    private static String writtenOut(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (isVisible(c)) {
                                line.appendCodePoint(c);
                            } else if (Character.isWhitespace(c) || c == '\u0085') {
                                line.append(' ');
                            } else {
                                for (char unit : Character.toChars(c)) {
                                    line.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                                }
                            }
                        });
        return line.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    /**
     * Does the same with a line that a renderer has styled, and leaves its styles.
     *
     * @param line a line with colours
     * @return the line
     */
    static String styled(String line) {
        StringBuilder printable = new StringBuilder();
        Matcher style = STYLE.matcher(line);
        int end = 0;
        while (style.find()) {
            printable.append(of(line.substring(end, style.start()))).append(style.group());
            end = style.end();
        }
        return printable.append(of(line.substring(end))).toString();
    }

    /**
     * Writes text in ASCII: signs by their names, letters without their accents.
     *
     * @param text any text
     * @return the text, with question marks for what has no other form
     */
    static String ascii(String text) {
        if (ASCII.matcher(text).matches()) {
            return text;
        }
        String plain = text;
        for (Map.Entry<String, String> sign : IN_ASCII.entrySet()) {
            plain = plain.replace(sign.getKey(), sign.getValue());
        }
        plain = ACCENTS.matcher(Normalizer.normalize(plain, Normalizer.Form.NFD)).replaceAll("");
        return NO_ASCII.matcher(plain).replaceAll("?");
    }
}
