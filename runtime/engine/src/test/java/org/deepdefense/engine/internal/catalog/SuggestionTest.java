package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "nothing",
            value = {
                "fgms, fgsm",
                "deepfol, deepfool",
                "squ, square",
                "pgd, nothing",
                "x, nothing"
            })
    void onlyWhatIsNearIsSuggested(String typed, String expected) {
        assertEquals(
                expected == null ? "" : "did you mean \"" + expected + "\"? ",
                Suggestion.among(typed, List.of("ead", "fgsm", "deepfool", "square")));
    }
}
