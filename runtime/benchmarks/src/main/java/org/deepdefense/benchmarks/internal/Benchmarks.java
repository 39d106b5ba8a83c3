// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures how fast the engine is and whether its memory grows. What is compared runs by turns in
 * one process, and only ratios are meant to be read: times depend on the machine and on what else
 * it does.
 *
 * <pre>
 * mvn -q -DskipTests package
 * java -jar runtime/benchmarks/target/benchmarks.jar [--data DIR] [steps] [evaluation] [memory] [pgd]
 * </pre>
 *
 * <p>Without names it runs all, which takes about ten minutes on an idle machine with two cores.
 * {@code DIR} (or {@code DEEPDEFENSE_DATA}, or the folder {@code data} of {@code
 * -Ddeepdefense.shared}) holds the folder {@code mnist} and perhaps {@code
 * models/mnist-lenet-reference.npz}; without MNIST the embedded digits have to do. Networks that
 * are not there are trained first.
 */
@Command(
        name = "benchmarks",
        description = "Measures the speed and the memory of trainings and attacks.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Benchmarks implements Callable<Integer> {

    /** What can be measured. */
    enum Name {
        STEPS,
        EVALUATION,
        MEMORY,
        PGD
    }

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}; without a name all of them")
    private List<Name> names = List.of(Name.values());

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where MNIST and the reference network are")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "150",
            description = "steps: how many training steps of each kind (${DEFAULT-VALUE})")
    private int pairs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "evaluation, pgd: how many repetitions (${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "2000",
            description = "evaluation: how many images (${DEFAULT-VALUE})")
    private int images;

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "10000",
            description = "memory: how many batches, a multiple of 2000 (${DEFAULT-VALUE})")
    private int batches;

    @Spec private CommandSpec spec;

    private Benchmarks() {}

    static CommandLine commandLine() {
        return new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (e, commandLine, parsed) -> {
                            if (!(e instanceof DeepDefenseException)) {
                                throw e;
                            }
                            commandLine.getErr().println(e.getMessage());
                            return CommandLine.ExitCode.SOFTWARE;
                        });
    }

    /**
     * Runs the benchmarks and exits.
     *
     * @param args options and names
     * @throws IOException if no process can be started
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Surroundings.setProperties();
        System.exit(
                Surroundings.isComplete()
                        ? commandLine().execute(args)
                        : Surroundings.rerun(Benchmarks.class, args));
    }

    List<Name> names() {
        return names;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Workbench bench = new Workbench(dataDirectory())) {
            describe(bench, out);
            for (Name name : names) {
                benchmark(name).run(bench, out);
                out.flush();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private Optional<Path> dataDirectory() {
        return data.or(
                () ->
                        Stream.of(
                                        Optional.ofNullable(
                                                        System.getProperty("deepdefense.shared"))
                                                .map(shared -> Path.of(shared, "data")),
                                        Optional.ofNullable(System.getenv("DEEPDEFENSE_DATA"))
                                                .map(Path::of))
                                .flatMap(Optional::stream)
                                .findFirst());
    }

    private Benchmark benchmark(Name name) {
        return switch (name) {
            case STEPS -> new StepsBenchmark(pairs);
            case EVALUATION -> new EvaluationBenchmark(rounds, images);
            case MEMORY -> new MemoryBenchmark(batches, processors());
            case PGD -> new PgdBenchmark(rounds);
        };
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void describe(Workbench bench, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d processors, load %.1f, Java %s, PyTorch %s with %s thread an operation, %s%n%n",
                processors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"),
                Engine.getInstance().getVersion(),
                System.getProperty("ai.djl.pytorch.num_threads"),
                bench.isMnist() ? "MNIST" : "embedded digits (no MNIST found)");
        out.flush();
    }
}
