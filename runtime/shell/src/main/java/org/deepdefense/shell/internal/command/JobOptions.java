// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Option;

/** Options of commands that start a job. */
final class JobOptions {

    @Option(
            names = "--json",
            paramLabel = Labels.FILE,
            description = "Also write the result to this file, as JSON; - for standard output.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--background",
            description = "Do not wait: print the job's id (in the shell only).")
    private boolean background;

    /** Checks all that can be checked before the work starts. */
    ResultFile open(Session session) throws CommandFailure {
        if (background && !session.console().isShell()) {
            throw CommandFailure.usage(
                    "--background works in the shell only; a script's own & does the same");
        }
        if (background && json.isPresent()) {
            throw CommandFailure.usage(
                    "--background and --json exclude each other; give --json to watch");
        }
        return session.json(json);
    }

    boolean background() {
        return background;
    }
}
