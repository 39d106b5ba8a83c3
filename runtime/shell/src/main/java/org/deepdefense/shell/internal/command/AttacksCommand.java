// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import java.util.Optional;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.report.text.AttackList;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists attacks. */
@Command(
        name = "attacks",
        description = "Lists the attacks that are registered now, or tells all about one.")
public final class AttacksCommand implements ShellCommand {

    @Parameters(arity = "0..1", paramLabel = Labels.ATTACK, description = "The one to tell about.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--type",
            paramLabel = Labels.TYPE,
            description =
                    "Only these: budget (the worst within a distance), minimum (the nearest) or"
                            + " other.")
    private AttackList.Type type;

    @Option(
            names = "--norm",
            paramLabel = Labels.NORM,
            description = "Only those that measure in L0, L1, L2 or LINF.")
    private Norm norm;

    @Option(
            names = "--access",
            paramLabel = Labels.ACCESS,
            description = "Only those that are given gradients, scores or decisions.")
    private Access access;

    @Mixin private ListOptions options;

    @Override
    public void run(Session session) throws CommandFailure {
        if (name.isPresent()) {
            if (type != null || norm != null || access != null) {
                throw CommandFailure.usage(
                        "both " + name.get() + " and a filter choose attacks; give one of them");
            }
            new Plugins(session, options).show(PluginInfo.Kind.ATTACK, name);
            return;
        }
        ResultFile json = options.open(session);
        List<PluginInfo> attacks =
                AttackList.select(
                        session.services().catalog().list(PluginInfo.Kind.ATTACK),
                        type,
                        norm,
                        access);
        if (attacks.isEmpty()) {
            session.console().println("No such attack is registered.");
        } else {
            session.console().println(new AttackList(session.console().look()).lines(attacks));
        }
        json.writeJson(attacks);
    }
}
