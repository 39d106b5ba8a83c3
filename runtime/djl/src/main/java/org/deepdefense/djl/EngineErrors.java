// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl;

import java.util.List;

/** Finds PyTorch's own reason in the long errors of its interpreter. */
public final class EngineErrors {

    private static final String MARK = "RuntimeError: ";
    private static final int LONGEST = 200;

    private EngineErrors() {}

    /**
     * Returns the reason in one line.
     *
     * @param error an error of the engine
     * @return a short line without control characters
     */
    public static String reason(Throwable error) {
        List<String> lines =
                String.valueOf(error.getMessage())
                        .lines()
                        .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
                        .filter(line -> !line.isEmpty())
                        .toList();
        String reason =
                lines.stream()
                        .filter(line -> line.startsWith(MARK))
                        .reduce((first, second) -> second)
                        .map(line -> line.substring(MARK.length()))
                        .orElse(lines.isEmpty() ? "no message" : lines.get(0));
        return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    }
}
