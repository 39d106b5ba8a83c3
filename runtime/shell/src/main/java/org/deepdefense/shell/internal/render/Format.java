// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.util.Locale;

/** Numbers as the paper writes them. */
final class Format {

    private static final String NOTHING = "-";

    private Format() {}

    /** A rate in 0..1 as {@code 99.02 %}. */
    static String percent(double rate) {
        return Double.isFinite(rate) ? String.format(Locale.ROOT, "%.2f %%", rate * 100) : NOTHING;
    }

    /** A ratio of norms as {@code 0.2056}. */
    static String ratio(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : NOTHING;
    }

    /** A number whose size is not known beforehand, with four significant digits. */
    static String number(double value) {
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

    /** A count as {@code 10,000}. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
