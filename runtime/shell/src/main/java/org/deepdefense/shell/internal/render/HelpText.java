// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.util.ArrayList;
import java.util.List;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.TextTable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** Explanations of the commands. */
public final class HelpText {

    private static final int DEFAULT_WIDTH = 100;
    private static final int NARROWEST = 60;

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public HelpText(Look look) {
        this.look = look;
    }

    /**
     * Lists the commands.
     *
     * @param commands the commands
     * @param shell whether for the shell and not for scripts
     * @return lines
     */
    public List<String> overview(List<CommandSpec> commands, boolean shell) {
        List<String> lines = new ArrayList<>();
        if (!shell) {
            lines.add(
                    "Usage: deepdefense [--home DIR] COMMAND [OPTIONS]; without COMMAND, a shell.");
            lines.add("");
        }
        TextTable table = new TextTable(look).left("COMMAND").wrapped("WHAT IT DOES");
        for (CommandSpec command : commands) {
            table.row(List.of(command.name(), command.usageMessage().description()[0]));
        }
        lines.addAll(table.lines());
        lines.add("");
        lines.add(
                "\"help COMMAND\" explains one"
                        + (shell ? ", TAB completes, Ctrl-C cancels, \"exit\" leaves." : "."));
        return lines;
    }

    /**
     * Explains a command.
     *
     * @param command the command
     * @return lines
     */
    public List<String> usage(CommandLine command) {
        command.setUsageHelpWidth(
                look.width() > 0 ? Math.max(NARROWEST, look.width()) : DEFAULT_WIDTH);
        Help.Ansi ansi = look.colors() == ColorDepth.NONE ? Help.Ansi.OFF : Help.Ansi.ON;
        return command.getUsageMessage(ansi).stripTrailing().lines().toList();
    }
}
