// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapingParserTest {

    private final Parser parser = new EscapingParser(new DefaultParser());

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "evaluate di,dir one/,dir\\ one/",
                "evaluate ,a b c d.pt,a\\ b\\ c\\ d.pt",
                "evaluate ,runs/lr=0.1/net.pt,runs/lr=0.1/net.pt",
                "evaluate ,a'b$c(d)*[e]#f;g.pt,a\\'b\\$c\\(d\\)\\*\\[e\\]\\#f\\;g.pt",
                "evaluate ,größe.pt,größe.pt",
                "evaluate 'di,dir one/,'dir one/",
                "evaluate \"di,dir \"one,\"dir \\\"one"
            })
    void namesAreEscapedAsTheWordIsQuoted(String line, String name, String inserted) {
        CompletingParsedLine parsed =
                (CompletingParsedLine) parser.parse(line, line.length(), ParseContext.COMPLETE);

        assertEquals(inserted, parsed.escape(name, false).toString());
    }

    @ParameterizedTest
    @CsvSource({"version,ACCEPT_LINE", "version,SECONDARY_PROMPT"})
    void linesThatAreRunAreGogos(String line, ParseContext context) {
        ParsedLine parsed = new DefaultParser().parse(line, 0, context);

        assertSame(parsed, new EscapingParser((l, c, x) -> parsed).parse(line, 0, context));
    }
}
