// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import java.util.Optional;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.report.text.TrainingText;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists saved networks. */
@Command(name = "networks", description = "Lists the saved networks, or tells all about one.")
public final class NetworksCommand implements ShellCommand {

    @Parameters(arity = "0..1", paramLabel = Labels.SAVED, description = "The one to tell about.")
    private Optional<String> name = Optional.empty();

    @Mixin private ListOptions options;

    @Override
    public void run(Session session) {
        ResultFile json = options.open(session);
        TrainingText text = new TrainingText(session.console().look());
        if (name.isPresent()) {
            NetworkRecord network = session.services().networks().get(name.get());
            session.console().println(text.network(network));
            json.writeJson(network);
            return;
        }
        List<NetworkRecord> networks = session.services().networks().list();
        if (networks.isEmpty()) {
            session.console().println("No network is saved yet; \"train\" makes one.");
        } else {
            session.console().println(text.networks(networks));
        }
        json.writeJson(networks);
    }
}
