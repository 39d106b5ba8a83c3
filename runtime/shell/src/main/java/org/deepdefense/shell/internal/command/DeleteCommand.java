// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.network.Networks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes saved networks. */
@Command(name = "delete", description = "Deletes saved networks for good.")
public final class DeleteCommand implements ShellCommand {

    @Parameters(arity = "1..*", paramLabel = Labels.SAVED, description = "The saved networks.")
    private List<String> names;

    @Override
    public void run(Session session) {
        Networks networks = session.services().networks();
        // All names first: a mistyped one leaves everything as it is.
        List<String> found = names.stream().map(networks::get).map(NetworkRecord::name).toList();
        for (String name : found) {
            networks.delete(name);
            session.console().println("Deleted " + name + ".");
        }
    }
}
