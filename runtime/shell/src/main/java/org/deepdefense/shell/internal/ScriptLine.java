// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.ArrayList;
import java.util.List;

/** Splits a line of a script into words, as shells do that know quotes and comments only. */
final class ScriptLine {

    private final String line;
    private final List<String> words = new ArrayList<>();
    private StringBuilder word;
    private char quote;

    private ScriptLine(String line) {
        this.line = line;
    }

    /**
     * Splits a line. Blanks separate words; quotes of both kinds keep them together, and a
     * backslash takes the next character as it is, but not between single quotes. What follows a #
     * at the beginning of a word is a comment.
     *
     * @param line the line
     * @return its words, none for an empty line
     * @throws CommandFailure if a quote is not closed
     */
    static List<String> words(String line) throws CommandFailure {
        return new ScriptLine(line).split();
    }

    private List<String> split() throws CommandFailure {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                append(line.charAt(++i));
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                word = word == null ? new StringBuilder() : word;
            } else if (Character.isWhitespace(c)) {
                end();
            } else if (c == '#' && word == null) {
                break;
            } else {
                append(c);
            }
        }
        if (quote != 0) {
            throw CommandFailure.usage("the quote " + quote + " is not closed; close it");
        }
        end();
        return words;
    }

    private void append(char c) {
        word = word == null ? new StringBuilder() : word;
        word.append(c);
    }

    private void end() {
        if (word != null) {
            words.add(word.toString());
            word = null;
        }
    }
}
