// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Optional;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.render.HelpText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Explains the commands. */
@Command(name = "help", description = "Lists the commands, or explains one.")
public final class HelpCommand implements ShellCommand {

    @Parameters(arity = "0..1", paramLabel = Labels.COMMAND, description = "The one to explain.")
    private Optional<String> name = Optional.empty();

    @Override
    public void run(Session session) throws CommandFailure {
        HelpText text = new HelpText(session.console().look());
        if (name.isEmpty()) {
            session.console()
                    .println(text.overview(CommandSet.specs(), session.console().isShell()));
        } else {
            session.console().println(text.usage(CommandSet.create(name.get())));
        }
    }
}
