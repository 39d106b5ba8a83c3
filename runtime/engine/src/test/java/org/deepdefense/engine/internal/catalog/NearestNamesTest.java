// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.deepdefense.catalog.NearestNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNamesTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "nothing",
            value = {
                "fgms, fgsm",
                "pdg, pgd",
                "mlpp, mlp",
                "PGD, pgd",
                "deepfol, deepfool",
                "evalaute, evaluate",
                "squ, square",
                "xyz, nothing",
                "xyzzyxyzzy, nothing",
                "x, nothing",
                "'', nothing"
            })
    void onlyWhatIsNearIsSuggested(String typed, String expected) {
        assertEquals(
                expected == null ? "" : "did you mean \"" + expected + "\"? ",
                NearestNames.question(
                        typed,
                        List.of("ead", "fgsm", "deepfool", "square", "pgd", "mlp", "evaluate")));
    }

    @Test
    void nearestComesFirst() {
        assertEquals(
                List.of("attack", "attacks"),
                NearestNames.of("atack", List.of("attacks", "attack", "models")));
    }
}
