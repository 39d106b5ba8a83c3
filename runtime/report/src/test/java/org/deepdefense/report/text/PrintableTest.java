// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "plain ρ₂ Schönherr 汉字 😀,plain ρ₂ Schönherr 汉字 😀",
        "'a\u001b[2Jb',a\\u001b[2Jb",
        "'a\rb\nc\td\u2028e\u0085f',a b c d e f",
        "'a\u0000\u0007\u007f\u009b1A',a\\u0000\\u0007\\u007f\\u009b1A",
        "'a\u202eb\u2066c\u200bd',a\\u202eb\\u2066c\\u200bd",
        "'a\ud800b',a\\ud800b",
        "'a\udb40\udc01',a\\udb40\\udc01"
    })
    void nothingMovesTheCursor(String text, String printable) {
        assertEquals(printable, Printable.of(text));
        assertEquals(printable, Printable.of(printable));
    }

    @ParameterizedTest
    @CsvSource({
        "'\u001b[1mbold\u001b[0m','\u001b[1mbold\u001b[0m'",
        "'\u001b[38;5;9mred\u001b[2J\u001b[0m','\u001b[38;5;9mred\\u001b[2J\u001b[0m'",
        "'\u001b[mx\u001b[1Ay','\u001b[mx\\u001b[1Ay'"
    })
    void stylesStay(String line, String shown) {
        assertEquals(shown, Printable.styled(line));
    }

    @ParameterizedTest
    @CsvSource({
        "ρ₂ in L∞ at 0.5ε – σ-zero × 2,rho2 in Linf at 0.5eps - sigma-zero x 2",
        "Schönherr Cinà Kümmerer,Schonherr Cina Kummerer",
        "汉字,??",
        "▕█░▏,[#.]"
    })
    void asciiIsReadable(String text, String ascii) {
        assertEquals(ascii, Printable.ascii(text));
    }
}
