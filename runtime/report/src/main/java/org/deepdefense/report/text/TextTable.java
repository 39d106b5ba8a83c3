// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines in aligned columns. One column may take the width that the others leave and is wrapped
 * there.
 */
public final class TextTable {

    private static final String GAP = "  ";
    private static final int NARROWEST = 24;

    private final Look look;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private final Map<Integer, String> sections = new HashMap<>();

    private record Column(String header, boolean right, boolean wraps) {}

    /**
     * Begins a table.
     *
     * @param look how text may look
     */
    public TextTable(Look look) {
        this.look = look;
    }

    /**
     * Adds a column whose cells begin at its left side.
     *
     * @param header its title
     * @return this table
     */
    public TextTable left(String header) {
        columns.add(new Column(header, false, false));
        return this;
    }

    /**
     * Adds a column whose cells end at its right side, for numbers.
     *
     * @param header its title
     * @return this table
     */
    public TextTable right(String header) {
        columns.add(new Column(header, true, false));
        return this;
    }

    /**
     * Adds the column that takes the width that the others leave.
     *
     * @param header its title
     * @return this table
     */
    public TextTable wrapped(String header) {
        columns.add(new Column(header, false, true));
        return this;
    }

    /**
     * Adds a row.
     *
     * @param cells a text for each column
     * @return this table
     */
    public TextTable row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells + " are not " + columns.size() + " cells");
        }
        rows.add(cells.stream().map(look::text).toList());
        return this;
    }

    /**
     * Puts a title before the next row.
     *
     * @param title the title
     * @return this table
     */
    public TextTable section(String title) {
        sections.put(rows.size(), title);
        return this;
    }

    /**
     * Lays the table out.
     *
     * @return lines
     */
    public List<String> lines() {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        String header = line(widths, columns.stream().map(Column::header).toList());
        if (!header.isBlank()) {
            lines.add(look.bold(header));
        }
        for (int i = 0; i < rows.size(); i++) {
            if (sections.containsKey(i)) {
                lines.add("");
                lines.add(look.bold(look.text(sections.get(i))));
            }
            lines.addAll(wrap(widths, rows.get(i)));
        }
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        int total = -GAP.length();
        int wrapped = -1;
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] =
                    rows.stream()
                            .mapToInt(r -> r.get(column).length())
                            .reduce(columns.get(i).header().length(), Math::max);
            total += widths[i] + GAP.length();
            if (columns.get(i).wraps()) {
                wrapped = i;
            }
        }
        if (wrapped >= 0 && look.width() > 0 && total > look.width()) {
            widths[wrapped] = Math.max(NARROWEST, widths[wrapped] - (total - look.width()));
        }
        return widths;
    }

    private List<String> wrap(int[] widths, List<String> row) {
        List<List<String>> cells = new ArrayList<>();
        int height = 1;
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            cells.add(columns.get(i).wraps() ? Words.wrap(cell, widths[i]) : List.of(cell));
            height = Math.max(height, cells.get(i).size());
        }
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < height; y++) {
            List<String> parts = new ArrayList<>();
            for (List<String> cell : cells) {
                parts.add(y < cell.size() ? cell.get(y) : "");
            }
            lines.add(line(widths, parts));
        }
        return lines;
    }

    private String line(int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
            line.append(i == 0 ? "" : GAP);
            line.append(columns.get(i).right() ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}
