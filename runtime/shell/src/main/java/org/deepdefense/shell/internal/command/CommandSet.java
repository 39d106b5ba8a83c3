// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands. */
public final class CommandSet {

    private static final Map<String, Supplier<ShellCommand>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("quickstart", QuickstartCommand::new);
        COMMANDS.put("models", ModelsCommand::new);
        COMMANDS.put("datasets", DatasetsCommand::new);
        COMMANDS.put("attacks", AttacksCommand::new);
        COMMANDS.put("defenses", DefensesCommand::new);
        COMMANDS.put("modifiers", ModifiersCommand::new);
        COMMANDS.put("train", TrainCommand::new);
        COMMANDS.put("defend", DefendCommand::new);
        COMMANDS.put("evaluate", EvaluateCommand::new);
        COMMANDS.put("table", TableCommand::new);
        COMMANDS.put("attack", AttackCommand::new);
        COMMANDS.put("universal", UniversalCommand::new);
        COMMANDS.put("networks", NetworksCommand::new);
        COMMANDS.put("delete", DeleteCommand::new);
        COMMANDS.put("jobs", JobsCommand::new);
        COMMANDS.put("watch", WatchCommand::new);
        COMMANDS.put("cancel", CancelCommand::new);
        COMMANDS.put("version", VersionCommand::new);
        COMMANDS.put("help", HelpCommand::new);
        COMMANDS.put("exit", ExitCommand::new);
    }

    private CommandSet() {}

    /**
     * Returns the names of the commands.
     *
     * @return names, in the order in which they are explained
     */
    public static Set<String> names() {
        return COMMANDS.keySet();
    }

    /**
     * Makes a command ready to parse its arguments.
     *
     * @param name its name
     * @return the command; its user object is a {@link ShellCommand}
     * @throws CommandFailure if there is none of that name
     */
    public static CommandLine create(String name) throws CommandFailure {
        Supplier<ShellCommand> command = COMMANDS.get(name);
        if (command == null) {
            throw unknown(name);
        }
        return commandLine(command);
    }

    private static CommandFailure unknown(String name) {
        if (name.startsWith("-")) {
            List<String> having =
                    specs().stream()
                            .filter(spec -> spec.findOption(name) != null)
                            .map(CommandSpec::name)
                            .toList();
            return CommandFailure.usage(
                    "\""
                            + name
                            + "\" is an option, and the command comes first"
                            + (having.isEmpty()
                                    ? "; \"help\" lists the commands"
                                    : ": "
                                            + having.get(0)
                                            + " ... "
                                            + name
                                            + " (it belongs to "
                                            + String.join(", ", having)
                                            + ")"));
        }
        String question = NearestNames.question(name, names());
        return CommandFailure.usage(
                "there is no command \""
                        + name
                        + "\"; "
                        + (question.isEmpty()
                                ? "\"help\" lists those that there are"
                                : question.strip()));
    }

    /**
     * Describes all commands.
     *
     * @return a description of each
     */
    public static List<CommandSpec> specs() {
        List<CommandSpec> specs = new ArrayList<>();
        COMMANDS.values().forEach(command -> specs.add(commandLine(command).getCommandSpec()));
        return specs;
    }

    private static CommandLine commandLine(Supplier<ShellCommand> command) {
        CommandLine line = new CommandLine(command.get());
        line.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .type(boolean.class)
                                .description("Show this help.")
                                .build());
        Numbers.register(line);
        Choices.register(line);
        return line.setExpandAtFiles(false).setInterpolateVariables(true);
    }
}
