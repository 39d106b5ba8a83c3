package org.deepdefense.shell.internal;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Process;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.job.Jobs;
import org.deepdefense.network.Networks;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.completion.Completion;
import org.deepdefense.shell.internal.console.Cancellation;
import org.deepdefense.shell.internal.console.ColorDepth;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.Look;
import org.deepdefense.training.Trainer;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.terminal.Terminal;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Makes the commands those of the Gogo shell. Besides them there is {@code dd:_complete}, which the
 * profile calls whenever a word of ours is to be completed from the live registry, and in our own
 * distribution {@code dd:default}, which Gogo calls for commands that it does not know.
 */
@Component(
        service = {},
        immediate = true)
public final class GogoCommands {

    /** The scope of the commands. */
    static final String SCOPE = "dd";

    private static final String DEFAULT = "default";
    private static final String COMPLETE = "_complete";
    private static final String TERMINAL = ".terminal";

    /**
     * The framework property that the distribution sets: nobody else answers for unknown commands.
     */
    private static final String DISTRIBUTION = "deepdefense.distribution";

    private static final int STANDARD_OUTPUT = 1;

    private final Services services;
    private final boolean distribution;
    private final CommandRunner runner;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /**
     * Registers the commands.
     *
     * @param context the context of this bundle
     * @param catalog what is registered
     * @param networks what is saved
     * @param jobs what runs
     * @param evaluator measures
     * @param universal searches universal perturbations
     * @param trainer trains
     */
    @Activate
    public GogoCommands(
            BundleContext context,
            @Reference Catalog catalog,
            @Reference Networks networks,
            @Reference Jobs jobs,
            @Reference Evaluator evaluator,
            @Reference UniversalPerturbations universal,
            @Reference Trainer trainer) {
        this(
                new Services(
                        catalog,
                        networks,
                        jobs,
                        evaluator,
                        universal,
                        trainer,
                        new BundlePlatform(context)),
                Boolean.parseBoolean(context.getProperty(DISTRIBUTION)));
        functions()
                .forEach(
                        (name, function) ->
                                registrations.add(
                                        context.registerService(
                                                Function.class, function, properties(name))));
    }

    GogoCommands(Services services, boolean distribution) {
        this.services = services;
        this.distribution = distribution;
        this.runner = new CommandRunner(services);
    }

    private static Dictionary<String, Object> properties(String name) {
        return FrameworkUtil.asDictionary(
                Map.of(
                        CommandProcessor.COMMAND_SCOPE,
                        SCOPE,
                        CommandProcessor.COMMAND_FUNCTION,
                        name));
    }

    Map<String, Function> functions() {
        Map<String, Function> functions = new LinkedHashMap<>();
        for (String name : CommandSet.names()) {
            functions.put(name, (session, words) -> run(session, name, words));
        }
        if (distribution) {
            functions.put(DEFAULT, GogoCommands::unknown);
        }
        functions.put(COMPLETE, this::complete);
        return functions;
    }

    /** Takes the commands back. */
    @Deactivate
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    private static Object unknown(CommandSession session, List<Object> words)
            throws CommandFailure {
        CommandSet.create(String.valueOf(words.get(0)));
        return null;
    }

    /**
     * Does what a {@link Completer} does, as a command: a reader that had ours would keep this
     * bundle's class loader and the services of this moment.
     *
     * @param words the reader, the line, the list of candidates, and the completer of other
     *     commands
     */
    @SuppressWarnings("unchecked") // The arguments of a completer, from the profile.
    private Object complete(CommandSession session, List<Object> words) {
        new ShellCompleter(new Completion(services), (Completer) words.get(3), session::currentDir)
                .complete(
                        (LineReader) words.get(0),
                        (ParsedLine) words.get(1),
                        (List<Candidate>) words.get(2));
        return null;
    }

    private Object run(CommandSession session, String name, List<Object> words)
            throws CommandFailure {
        List<String> arguments = words.stream().map(String::valueOf).toList();
        Cancellation cancellation = new Cancellation();
        Process process = Process.Utils.current();
        Terminal terminal = (Terminal) session.get(TERMINAL);
        boolean foreground =
                terminal != null
                        && process != null
                        && process.job().status() == Job.Status.Foreground;
        boolean shown = foreground && process.isTty(STANDARD_OUTPUT);
        Look plain = new Look(ColorDepth.NONE, isUnicode(), 0, false);
        Look screen = foreground ? screen(terminal) : plain;
        // The session's own stream: those of the process close for good when they are interrupted.
        PrintStream out = shown || process == null ? session.getConsole() : process.out();
        Console console =
                new Console(
                        out,
                        session.getConsole(),
                        shown ? screen : plain,
                        screen,
                        session.currentDir(),
                        cancellation,
                        true);
        if (!shown) {
            runner.run(name, arguments, console);
            return null;
        }
        // Gogo's own handler would give the prompt back while the job is still ending.
        Terminal.SignalHandler previous =
                terminal.handle(Terminal.Signal.INT, signal -> cancellation.request());
        try {
            runner.run(name, arguments, console);
        } finally {
            terminal.handle(Terminal.Signal.INT, previous);
        }
        return null;
    }

    private static Look screen(Terminal terminal) {
        String type = terminal.getType();
        return new Look(
                ColorDepth.of(System.getenv(), type),
                isUnicode(),
                terminal.getWidth(),
                !type.startsWith(Terminal.TYPE_DUMB));
    }

    private static boolean isUnicode() {
        return Charset.defaultCharset().equals(StandardCharsets.UTF_8);
    }
}
