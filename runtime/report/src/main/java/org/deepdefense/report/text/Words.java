// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines between words. */
public final class Words {

    private Words() {}

    /**
     * Breaks text into lines.
     *
     * @param text the text
     * @param width the longest line, or 0 for any; a longer word stays whole
     * @return at least one line
     */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (width > 0 && line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
