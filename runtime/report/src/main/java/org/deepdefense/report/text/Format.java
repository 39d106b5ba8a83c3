// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.util.Locale;

/** Numbers as the paper writes them. */
public final class Format {

    private static final String NOTHING = "-";

    private Format() {}

    /**
     * Writes a rate.
     *
     * @param rate a rate in 0..1
     * @return such as {@code 99.02 %}
     */
    public static String percent(double rate) {
        return Double.isFinite(rate) ? String.format(Locale.ROOT, "%.2f %%", rate * 100) : NOTHING;
    }

    /**
     * Writes a ratio of norms.
     *
     * @param value a ratio
     * @return such as {@code 0.2056}
     */
    public static String ratio(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : NOTHING;
    }

    /**
     * Writes a number whose size is not known beforehand.
     *
     * @param value any number
     * @return four significant digits
     */
    public static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite" : "-infinite";
        }
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + Math.min(digits, 4) + "f", value);
    }

    /**
     * Writes a count.
     *
     * @param value a number of things
     * @return such as {@code 10,000}
     */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
