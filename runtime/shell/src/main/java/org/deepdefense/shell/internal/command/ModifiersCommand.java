// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Optional;
import org.deepdefense.catalog.PluginInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists what changes the objectives of defenses. */
@Command(
        name = "modifiers",
        description = "Lists what can change the objective of a defense, or tells all about one.")
public final class ModifiersCommand implements ShellCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = Labels.MODIFIER,
            description = "The one to tell about.")
    private Optional<String> name = Optional.empty();

    @Mixin private ListOptions options;

    @Override
    public void run(Session session) {
        new Plugins(session, options).show(PluginInfo.Kind.MODIFIER, name);
    }
}
