// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.markdown;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table in GitHub's Markdown. */
final class MarkdownTable {

    private static final String LEFT = "---";
    private static final String RIGHT = "---:";

    private final List<String> titles = new ArrayList<>();
    private final List<String> rules = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    MarkdownTable left(String title) {
        titles.add(title);
        rules.add(LEFT);
        return this;
    }

    MarkdownTable right(String title) {
        titles.add(title);
        rules.add(RIGHT);
        return this;
    }

    MarkdownTable row(List<String> cells) {
        rows.add(cells);
        return this;
    }

    /** Returns the lines of the table, each with its line break. */
    String text() {
        return line(titles)
                + "|"
                + String.join("|", rules)
                + "|\n"
                + rows.stream().map(MarkdownTable::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(MarkdownTable::escaped)
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** A bar would end the cell, a line break the table. */
    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replaceAll("\\R", " ");
    }
}
