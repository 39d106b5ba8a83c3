package org.deepdefense.shell.internal;

import java.util.List;
import org.deepdefense.DeepDefenseException;
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
                new HelpText(console.look()).usage(command).forEach(console.out()::println);
                return;
            }
            notice.show(console);
            ((ShellCommand) command.getCommandSpec().userObject())
                    .run(new Session(services, console));
        } catch (CommandLine.UnmatchedArgumentException e) {
            List<String> suggestions = e.getSuggestions();
            throw CommandFailure.usage(
                    oneLine(e.getMessage())
                            + (suggestions.isEmpty()
                                    ? help(name)
                                    : "; did you mean " + String.join(" or ", suggestions) + "?"));
        } catch (CommandLine.ParameterException e) {
            throw CommandFailure.usage(oneLine(e.getMessage()) + help(name));
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

    private static String help(String name) {
        return "; \"help " + name + "\" explains it";
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
