// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.job.Jobs;
import org.deepdefense.network.Networks;
import org.deepdefense.report.text.Printable;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.command.ExitCommand;
import org.deepdefense.shell.internal.completion.Completion;
import org.deepdefense.training.Trainer;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
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

    /**
     * The framework property that the distribution sets: nobody else answers for unknown commands.
     */
    private static final String DISTRIBUTION = "deepdefense.distribution";

    private static final String ADAPT = "_adapt";
    private static final String EXIT = "exit";

    /** Only the profile of our distribution makes it the shell's exit: hosts have their own. */
    private static final String HOST_EXIT = "_exit";

    private final Services services;
    private final boolean distribution;
    private final CommandRunner runner;
    private final Runnable leave;
    private volatile boolean isLeft;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** How to give back the sessions that were adapted: they may outlive this bundle. */
    private final Map<CommandSession, Runnable> sessions = new ConcurrentHashMap<>();

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
                Boolean.parseBoolean(context.getProperty(DISTRIBUTION)),
                () -> stop(context));
        functions()
                .forEach(
                        (name, function) ->
                                registrations.add(
                                        context.registerService(
                                                Function.class, function, properties(name))));
    }

    GogoCommands(Services services, boolean distribution, Runnable leave) {
        this.services = services;
        this.distribution = distribution;
        this.runner = new CommandRunner(services);
        this.leave =
                () -> {
                    isLeft = true;
                    leave.run();
                };
    }

    private static void stop(BundleContext context) {
        try {
            context.getBundle(Constants.SYSTEM_BUNDLE_ID).stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
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
            functions.put(
                    name.equals(EXIT) ? HOST_EXIT : name,
                    (session, words) -> run(session, name, words));
        }
        if (distribution) {
            functions.put(DEFAULT, this::unknown);
        }
        functions.put(COMPLETE, this::complete);
        functions.put(ADAPT, (session, words) -> adapt(session));
        return functions;
    }

    /**
     * Takes the commands back, and says what the end of a shell that was left without a question
     * cancels.
     *
     * @param context the context of this bundle
     */
    @Deactivate
    public void close(BundleContext context) {
        registrations.forEach(ServiceRegistration::unregister);
        sessions.values().forEach(Runnable::run);
        boolean stops = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
        if (stops && !isLeft) {
            ExitCommand.running(services.jobs().list())
                    .forEach(
                            job ->
                                    System.err.println(
                                            "cancelled: "
                                                    + Printable.of(job.description())
                                                    + " (job "
                                                    + job.id()
                                                    + ")"));
        }
    }

    private Object unknown(CommandSession session, List<Object> words) throws CommandFailure {
        adapted(session).run(console -> CommandSet.create(String.valueOf(words.get(0))), leave);
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

    /** Takes a session over, until this component goes. */
    private GogoTerminal adapted(CommandSession session) {
        GogoTerminal terminal = new GogoTerminal(session);
        sessions.computeIfAbsent(session, key -> terminal.adapt());
        return terminal;
    }

    private Object adapt(CommandSession session) {
        adapted(session);
        return null;
    }

    private Object run(CommandSession session, String name, List<Object> words)
            throws CommandFailure {
        List<String> arguments = words.stream().map(String::valueOf).toList();
        adapted(session).run(console -> runner.run(name, arguments, console), leave);
        return null;
    }
}
