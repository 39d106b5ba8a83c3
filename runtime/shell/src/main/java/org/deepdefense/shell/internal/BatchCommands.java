// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.evaluation.Evaluator;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.job.Jobs;
import org.deepdefense.network.Networks;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.console.Cancellation;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.Exit;
import org.deepdefense.shell.internal.render.ErrorText;
import org.deepdefense.training.Trainer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Help.Ansi;

/**
 * Runs the commands of scripts: takes the words of one, or {@code -} for those that are to be read
 * from standard input, prints to the standard streams and returns the exit code. The launcher finds
 * it by the property {@code deepdefense.batch}.
 */
@Component(service = ToIntFunction.class, property = "deepdefense.batch:Boolean=true")
public final class BatchCommands implements ToIntFunction<String[]> {

    private static final long STOP_SECONDS = 4;
    private static final int TERMINAL_WIDTH = 80;

    private static final String STANDARD_INPUT = "-";

    private final CommandRunner runner;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Look look;
    private final Cancellation cancellation = new Cancellation();
    private final ScriptEnd scriptEnd = new ScriptEnd();
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean running;

    /**
     * Creates the entry for scripts.
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
    public BatchCommands(
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
                System.in,
                System.out,
                System.err,
                look(System.getenv(), Ansi.AUTO.enabled(), charset()));
    }

    BatchCommands(Services services, InputStream in, PrintStream out, PrintStream err, Look look) {
        this.runner = new CommandRunner(services);
        this.in = in;
        this.out = out;
        this.err = err;
        this.look = look;
    }

    static Look look(Map<String, String> environment, boolean terminal, Charset charset) {
        boolean unicode = charset.equals(StandardCharsets.UTF_8);
        if (!terminal) {
            return new Look(ColorDepth.NONE, unicode, 0, false);
        }
        String type = environment.getOrDefault("TERM", "dumb");
        String columns = environment.getOrDefault("COLUMNS", "");
        return new Look(
                ColorDepth.of(environment, type),
                unicode,
                columns.matches("[1-9]\\d{0,4}") ? Integer.parseInt(columns) : TERMINAL_WIDTH,
                !type.equals("dumb"));
    }

    private static Charset charset() {
        String name = System.getProperty("stdout.encoding");
        return name != null && Charset.isSupported(name)
                ? Charset.forName(name)
                : Charset.defaultCharset();
    }

    /** Tells whether letters outside ASCII arrive as such on standard output. */
    static boolean isUnicode() {
        return charset().equals(StandardCharsets.UTF_8);
    }

    @Override
    public int applyAsInt(String[] words) {
        running = true;
        boolean isScript = words.length == 1 && words[0].equals(STANDARD_INPUT);
        Look shown = isScript ? new Look(ColorDepth.NONE, look.unicode(), 0, false) : look;
        try {
            if (isScript) {
                script(shown);
            } else {
                run(List.of(words), shown);
            }
            return 0;
        } catch (CommandFailure e) {
            err.println(new ErrorText(shown).text(e));
            return e.exitCode();
        } finally {
            out.flush();
            err.flush();
            idle.countDown();
        }
    }

    private void run(List<String> words, Look shown) throws CommandFailure {
        if (words.isEmpty()) {
            throw CommandFailure.usage("which command? \"help\" lists them");
        }
        runner.run(
                command(words.get(0)),
                words.subList(1, words.size()),
                new Console(
                        out,
                        err,
                        shown,
                        shown,
                        Path.of("").toAbsolutePath(),
                        cancellation,
                        Console.Mode.SCRIPT,
                        scriptEnd));
    }

    /** Runs one command a line, up to the first that fails. */
    private void script(Look plain) throws CommandFailure {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        try {
            while (!scriptEnd.isReached()) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                number++;
                List<String> words = ScriptLine.words(line);
                if (!words.isEmpty()) {
                    run(words, plain);
                }
            }
        } catch (CommandFailure e) {
            throw e.withMessage(e.getMessage() + " (line " + number + ")");
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "standard input cannot be read (" + e.getMessage() + "); give it again");
        }
    }

    /** Nobody can be asked, and no job outlives the command that started it. */
    private static final class ScriptEnd implements Exit {

        private boolean isReached;

        @Override
        public boolean confirm(String question) {
            return true;
        }

        @Override
        public List<String> background() {
            return List.of();
        }

        @Override
        public void leave() {
            isReached = true;
        }

        boolean isReached() {
            return isReached;
        }
    }

    private static String command(String word) {
        return switch (word) {
            case "-h", "--help" -> "help";
            case "-V", "--version" -> "version";
            default -> word;
        };
    }

    /**
     * Ends the command when the process is to end, and gives it the time to say so.
     *
     * @throws InterruptedException if the framework is in a hurry
     */
    @Deactivate
    public void stop() throws InterruptedException {
        if (running) {
            cancellation.request();
            idle.await(STOP_SECONDS, TimeUnit.SECONDS);
        }
    }
}
