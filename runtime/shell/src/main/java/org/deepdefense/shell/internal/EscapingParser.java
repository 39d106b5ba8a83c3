// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Gogo's parser, with an escape of its own for what completion inserts: Gogo's fails at names that
 * need one, such as those with blanks, and takes the shell with it.
 */
final class EscapingParser implements Parser {

    /** What may stand in a word of Gogo's language as it is. */
    private static final String PLAIN = "_./:=,+@%-";

    private final Parser gogo;

    EscapingParser(Parser gogo) {
        this.gogo = gogo;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        ParsedLine parsed = gogo.parse(line, cursor, context);
        return context == ParseContext.COMPLETE && parsed instanceof CompletingParsedLine completing
                ? new Escaping(completing)
                : parsed;
    }

    /** Tells whether a name can be completed: without us, only what needs no escape. */
    static boolean canInsert(String name, ParsedLine line) {
        return line instanceof Escaping || name.codePoints().noneMatch(Escaping::isSpecial);
    }

    private record Escaping(CompletingParsedLine parsed) implements CompletingParsedLine {

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            char quote = parsed.rawWordLength() == 0 ? 0 : firstOfWord();
            boolean quoted = quote == '"' || quote == '\'';
            StringBuilder escaped = new StringBuilder(quoted ? String.valueOf(quote) : "");
            candidate
                    .codePoints()
                    .forEach(
                            c -> {
                                if (quoted ? c == quote || c == '\\' : isSpecial(c)) {
                                    escaped.append('\\');
                                }
                                escaped.appendCodePoint(c);
                            });
            return quoted && complete ? escaped.append(quote) : escaped;
        }

        private char firstOfWord() {
            return parsed.line().charAt(parsed.cursor() - parsed.rawWordCursor());
        }

        private static boolean isSpecial(int c) {
            return !Character.isLetterOrDigit(c) && c < 0x80 && PLAIN.indexOf(c) < 0;
        }

        @Override
        public int rawWordCursor() {
            return parsed.rawWordCursor();
        }

        @Override
        public int rawWordLength() {
            return parsed.rawWordLength();
        }

        @Override
        public String word() {
            return parsed.word();
        }

        @Override
        public int wordCursor() {
            return parsed.wordCursor();
        }

        @Override
        public int wordIndex() {
            return parsed.wordIndex();
        }

        @Override
        public List<String> words() {
            return parsed.words();
        }

        @Override
        public String line() {
            return parsed.line();
        }

        @Override
        public int cursor() {
            return parsed.cursor();
        }
    }
}
