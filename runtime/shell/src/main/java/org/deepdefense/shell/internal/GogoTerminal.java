// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Process;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.console.Cancellation;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.Exit;
import org.deepdefense.shell.internal.render.ErrorText;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultHighlighter;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;

/** What the session of a Gogo shell offers to one command. */
final class GogoTerminal {

    private static final String TERMINAL = ".terminal";
    private static final String READER = ".reader";
    private static final int STANDARD_OUTPUT = 1;

    private final CommandSession session;
    private final Optional<Terminal> terminal;
    private final Optional<LineReaderImpl> reader;
    private final Optional<Process> process;

    /** A command to be run on a console. */
    @FunctionalInterface
    interface Command {
        void run(Console console) throws CommandFailure;
    }

    GogoTerminal(CommandSession session) {
        this.session = session;
        this.terminal =
                session.get(TERMINAL) instanceof Terminal t ? Optional.of(t) : Optional.empty();
        this.reader =
                session.get(READER) instanceof LineReaderImpl r ? Optional.of(r) : Optional.empty();
        this.process = Optional.ofNullable(Process.Utils.current());
    }

    Optional<LineReaderImpl> reader() {
        return reader;
    }

    /**
     * Mends completion and the news of background jobs, and lets the wish for no colours count for
     * what Gogo and JLine draw.
     *
     * @return how to take back what would keep this bundle in memory
     */
    Runnable adapt() {
        if (reader.isEmpty()) {
            return () -> {};
        }
        LineReaderImpl line = reader.get();
        Parser parser = line.getParser();
        line.setParser(new EscapingParser(parser));
        withoutColors();
        return () -> {
            line.setParser(parser);
            session.setJobListener(null);
        };
    }

    private void withoutColors() {
        if (look().colors() == ColorDepth.NONE) {
            reader.get().setHighlighter(new DefaultHighlighter());
            for (String style :
                    new String[] {
                        LineReader.COMPLETION_STYLE_DESCRIPTION,
                        LineReader.COMPLETION_STYLE_LIST_DESCRIPTION,
                        LineReader.COMPLETION_STYLE_GROUP,
                        LineReader.COMPLETION_STYLE_LIST_GROUP,
                        LineReader.COMPLETION_STYLE_STARTING,
                        LineReader.COMPLETION_STYLE_LIST_STARTING
                    }) {
                reader.get().setVariable(style, "");
            }
        }
    }

    /** Runs a command in the foreground or the background, as the session has it. */
    void run(Command command, Runnable leave) throws CommandFailure {
        reader.ifPresent(r -> session.setJobListener(new BackgroundJobs(r, look())));
        if (terminal.isPresent() && process.isPresent() && !isForeground()) {
            inBackground(command, leave);
        } else {
            inForeground(command, leave);
        }
    }

    private boolean isForeground() {
        return process.get().job().status() == Job.Status.Foreground;
    }

    private boolean isShown() {
        return process.isEmpty() || process.get().isTty(STANDARD_OUTPUT);
    }

    private void inForeground(Command command, Runnable leave) throws CommandFailure {
        Cancellation cancellation = new Cancellation();
        // The session's own stream: those of the process close for good when they are interrupted.
        PrintStream screen = session.getConsole();
        boolean shown = terminal.isPresent() && isShown();
        Console console =
                new Console(
                        shown || process.isEmpty() ? screen : process.get().out(),
                        screen,
                        shown ? look() : plain(),
                        look(),
                        session.currentDir(),
                        cancellation,
                        Console.Mode.SHELL,
                        exit(leave));
        if (!shown) {
            run(command, console);
            return;
        }
        // Gogo's own handler would give the prompt back while the job is still ending.
        Terminal.SignalHandler previous =
                terminal.get().handle(Terminal.Signal.INT, signal -> cancellation.request());
        try {
            run(command, console);
        } finally {
            terminal.get().handle(Terminal.Signal.INT, previous);
        }
    }

    /** Gogo prints failures in red; without colours, it is left nothing to print. */
    private void run(Command command, Console console) throws CommandFailure {
        try {
            command.run(console);
        } catch (CommandFailure e) {
            if (terminal.isEmpty()) {
                throw e;
            }
            Look look = look();
            Look unstyled = new Look(ColorDepth.NONE, look.unicode(), look.width(), look.redraws());
            String text = new ErrorText(unstyled).text(e);
            if (look.colors() != ColorDepth.NONE) {
                throw e.shownAs(text);
            }
            console.err().print(text);
            console.err().flush();
            throw e.shownAs("");
        }
    }

    /** Keeps what a command says until it has ended, and shows it above the line being typed. */
    private void inBackground(Command command, Runnable leave) throws CommandFailure {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream kept = new PrintStream(said, true, StandardCharsets.UTF_8);
        Look calm = new Look(look().colors(), look().unicode(), look().width(), false);
        boolean shown = isShown();
        try {
            command.run(
                    new Console(
                            shown ? kept : process.get().out(),
                            kept,
                            shown ? calm : plain(),
                            calm,
                            session.currentDir(),
                            new Cancellation(),
                            Console.Mode.BACKGROUND,
                            exit(leave)));
        } finally {
            String text = said.toString(StandardCharsets.UTF_8).stripTrailing();
            if (!text.isEmpty()) {
                reader.ifPresentOrElse(
                        r -> r.printAbove(text), () -> session.getConsole().println(text));
            }
        }
    }

    private static Look plain() {
        return new Look(ColorDepth.NONE, BatchCommands.isUnicode(), 0, false);
    }

    private Look look() {
        return terminal.map(
                        t ->
                                new Look(
                                        ColorDepth.of(System.getenv(), t.getType()),
                                        BatchCommands.isUnicode(),
                                        t.getWidth(),
                                        !t.getType().startsWith(Terminal.TYPE_DUMB)))
                .orElse(plain());
    }

    private Exit exit(Runnable leave) {
        return new Exit() {
            @Override
            public boolean confirm(String question) {
                return terminal.map(t -> ask(t, look().text(question))).orElse(true);
            }

            @Override
            public List<String> background() {
                return session.jobs().stream()
                        .filter(job -> job.status() == Job.Status.Background)
                        .map(job -> String.valueOf(job.command()))
                        .toList();
            }

            @Override
            public void leave() {
                leave.run();
            }
        };
    }

    private static boolean ask(Terminal terminal, String question) {
        try {
            // A reader of its own, so that the answer is in no history.
            String answer =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .build()
                            .readLine(question + " [y/N] ");
            return answer.strip().matches("(?i)y|yes");
        } catch (UserInterruptException | EndOfFileException e) {
            return false;
        }
    }
}
