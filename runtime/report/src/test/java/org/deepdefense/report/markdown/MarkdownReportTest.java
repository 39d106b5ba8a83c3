// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.markdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deepdefense.report.json.Samples;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {

    @Test
    void theTableIsThatOfThePaper() {
        assertEquals(
                """
                | network | accuracy | ρ₂ | fooled | accuracy at 0.2 ε_ref | accuracy at 0.5 ε_ref | accuracy at 1.0 ε_ref |
                |---|---:|---:|---:|---:|---:|---:|
                | lenet | 99.00 % | 0.2000 | 100.00 % | 90.00 % | 70.00 % | 50.00 % |

                ε_ref = 0.2300; 10 images.
                """,
                MarkdownReport.table(Samples.table()));
    }

    @Test
    void anEvaluationTellsWhatWasNotEvaluated() {
        String text = MarkdownReport.evaluation(Samples.evaluation());
        assertTrue(
                text.contains(
                        "| pgd:steps=3 | L∞ | 0.03137 | 25.00 % | 50.00 % | 0.1000 | 0.3000 | - |"),
                text);
        assertTrue(text.contains("Accuracy 50.00 % on 2 images."), text);
        assertTrue(text.contains("pgd:steps=3: 1 images were not evaluated."), text);
    }

    @Test
    void aCellStaysACell() {
        assertEquals(
                "| a\\|b | c |\n|---|---:|\n| x y | 1 |\n",
                new MarkdownTable().left("a|b").right("c").row(List.of("x\ny", "1")).text());
    }
}
