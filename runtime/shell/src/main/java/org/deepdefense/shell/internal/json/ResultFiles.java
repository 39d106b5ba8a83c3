// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.json;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.shell.internal.console.Console;

/** The files that one command is to write its results to, all of them checked before it works. */
public final class ResultFiles {

    private final Console console;
    private final Map<Object, String> options = new HashMap<>();

    /**
     * Creates a set of files.
     *
     * @param console what relative names are relative to, and where standard output is
     */
    public ResultFiles(Console console) {
        this.console = console;
    }

    /**
     * Checks that a file can be written.
     *
     * @param file what the user wrote, {@code -} for standard output, or nothing for a result file
     *     that is never written
     * @param option the option that names the file
     * @return the result file
     * @throws DeepDefenseException if it cannot be written, or if another option names it already
     */
    public ResultFile open(Optional<Path> file, String option) {
        if (file.isEmpty()) {
            return ResultFile.NONE;
        }
        ResultFile result = ResultFile.of(file.get(), option, console);
        Optional<Object> identity = result.identity();
        if (identity.isPresent()) {
            String other = options.putIfAbsent(identity.get(), option);
            if (other != null) {
                throw new DeepDefenseException(
                        other + " and " + option + " name the same file, " + file.get(),
                        "give each a file of its own");
            }
        }
        return result;
    }
}
