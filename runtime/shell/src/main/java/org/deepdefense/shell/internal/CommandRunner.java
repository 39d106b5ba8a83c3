// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.List;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.command.Session;
import org.deepdefense.shell.internal.command.ShellCommand;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.render.HelpText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs commands, and turns whatever goes wrong into one line. */
final class CommandRunner {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private final Services services;
    private final ConfigurationNotice notice;

    CommandRunner(Services services) {
        this.services = services;
        this.notice = new ConfigurationNotice(services.catalog());
    }

    /**
     * Runs a command.
     *
     * @param name the name of the command
     * @param arguments its arguments
     * @param console where it runs
     * @throws CommandFailure if it did not work
     */
    void run(String name, List<String> arguments, Console console) throws CommandFailure {
        CommandLine command = CommandSet.create(name);
        try {
            command.parseArgs(arguments.toArray(String[]::new));
            if (command.isUsageHelpRequested()) {
                console.println(new HelpText(console.look()).usage(command));
                return;
            }
            notice.show(console);
            ((ShellCommand) command.getCommandSpec().userObject())
                    .run(new Session(services, console));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw CommandFailure.usage(unmatched(name, e.getUnmatched().get(0), command));
        } catch (CommandLine.ParameterException e) {
            String message = oneLine(e.getMessage());
            throw CommandFailure.usage(message.endsWith("?") ? message : message + help(name));
        } catch (DeepDefenseException e) {
            LOG.debug("{} {}", name, arguments, e);
            throw new CommandFailure(CommandFailure.FAILED, oneLine(e.getMessage()));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("{} {}", name, arguments, e);
            Throwable cause =
                    e instanceof IllegalStateException && e.getCause() != null ? e.getCause() : e;
            throw new CommandFailure(
                    CommandFailure.FAILED, oneLine(cause.toString()) + "; details are in the log");
        }
    }

    private static String unmatched(String name, String word, CommandLine command) {
        if (!word.startsWith("-")) {
            return "\"" + word + "\" is one word too many" + help(name);
        }
        String option = word.replaceFirst("=.*", "");
        String question =
                NearestNames.question(option, command.getCommandSpec().optionsMap().keySet());
        return name
                + " has no option \""
                + option
                + "\""
                + (question.isEmpty() ? help(name) : "; " + question.strip());
    }

    private static String help(String name) {
        return "; \"help " + name + "\" explains it";
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
