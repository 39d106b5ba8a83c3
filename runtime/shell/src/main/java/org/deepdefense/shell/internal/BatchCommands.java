package org.deepdefense.shell.internal;

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
import org.deepdefense.shell.internal.console.Cancellation;
import org.deepdefense.shell.internal.console.ColorDepth;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.Look;
import org.deepdefense.training.Trainer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Help.Ansi;

/**
 * Runs one command of a script: takes its words, prints to the standard streams and returns the
 * exit code. The launcher finds it by the property {@code deepdefense.batch}.
 */
@Component(service = ToIntFunction.class, property = "deepdefense.batch:Boolean=true")
public final class BatchCommands implements ToIntFunction<String[]> {

    private static final long STOP_SECONDS = 4;
    private static final int TERMINAL_WIDTH = 80;

    private final CommandRunner runner;
    private final PrintStream out;
    private final PrintStream err;
    private final Look look;
    private final Cancellation cancellation = new Cancellation();
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
                System.out,
                System.err,
                look(System.getenv(), Ansi.AUTO.enabled(), charset()));
    }

    BatchCommands(Services services, PrintStream out, PrintStream err, Look look) {
        this.runner = new CommandRunner(services);
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

    @Override
    public int applyAsInt(String[] words) {
        running = true;
        Console console =
                new Console(
                        out, err, look, look, Path.of("").toAbsolutePath(), cancellation, false);
        try {
            if (words.length == 0) {
                throw CommandFailure.usage("which command? \"help\" lists them");
            }
            List<String> arguments = List.of(words).subList(1, words.length);
            runner.run(command(words[0]), arguments, console);
            return 0;
        } catch (CommandFailure e) {
            err.println(look.red(e.toString()));
            return e.exitCode();
        } finally {
            out.flush();
            err.flush();
            idle.countDown();
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
