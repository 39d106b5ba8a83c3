// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Option;

/** Options of commands that list something. */
final class ListOptions {

    @Option(
            names = "--json",
            paramLabel = Labels.FILE,
            description = "Also write the list to this file, as JSON; - for standard output.")
    private Optional<Path> json = Optional.empty();

    ResultFile open(Session session) {
        return session.json(json);
    }
}
