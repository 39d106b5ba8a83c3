// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.report.csv.SampleTable;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures accuracy and robustness. */
@Command(
        name = "evaluate",
        description = {
            "Measures the accuracy of a network, and its robustness under attacks.",
            "Of several attacks and budgets, it tells the worst case image by image. What was"
                    + " measured before comes from the cache, so that an evaluation can be"
                    + " interrupted and repeated."
        })
public final class EvaluateCommand implements ShellCommand {

    @Mixin private NetworkOptions network;
    @Mixin private DatasetOptions dataset;
    @Mixin private SplitOption split;

    @Option(
            names = "--attack",
            paramLabel = Labels.ATTACK,
            description =
                    "An attack, with parameters if you like: pgd:epsilon=0.1,steps=40 (default:"
                            + " ${DEFAULT-VALUE}). Repeat it for several.",
            defaultValue = "deepfool")
    private List<String> attacks;

    @Option(
            names = "--epsilon",
            paramLabel = "X",
            split = ",",
            converter = Budgets.class,
            description =
                    "One budget or more, in pixels, such as 0.05,0.1 or 8/255: attacks with a"
                            + " budget are run with each, the results of the others are counted up to"
                            + " each. If not given, each attack has its own.")
    private List<Double> epsilons = new ArrayList<>();

    @Mixin private TargetOption target;

    @Option(
            names = "--ensemble",
            description = "Run each attack only on the images that those before it did not fool.")
    private boolean ensemble;

    @Option(
            names = "--tighten",
            description =
                    "Make the perturbations of minimum-norm attacks as small as possible by a line"
                            + " search.")
    private boolean tighten;

    @Option(
            names = "--eight-bit",
            description = "Count only what still fools the network after rounding to 8 bits.")
    private boolean eightBit;

    @Mixin private SeedOption seed;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description =
                    "How many images are attacked together (default: 200, fewer if they are large"
                            + " or few).")
    private Optional<Integer> batchSize = Optional.empty();

    @Option(names = "--no-cache", description = "Measure all anew, and keep nothing.")
    private boolean noCache;

    @Option(
            names = "--csv",
            paramLabel = Labels.FILE,
            description =
                    "Also write how each image fared to this file, as CSV; - for standard output.")
    private Optional<Path> csv = Optional.empty();

    @Mixin private JobOptions job;

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = job.open(session);
        ResultFile table = session.files().open(csv, "--csv");
        if (job.background() && csv.isPresent()) {
            throw CommandFailure.usage("--background and --csv exclude each other");
        }
        session.finish(
                session.services().evaluator().evaluate(request(session)),
                job,
                json,
                result -> table.write(to -> SampleTable.write(result, to)));
    }

    private EvaluationRequest request(Session session) throws CommandFailure {
        NetworkSource source = network.source(session);
        EvaluationRequest.Builder request =
                EvaluationRequest.builder(
                                source,
                                dataset.spec(session, source, split.split()),
                                attacks.stream().map(PluginSpec::parse).toArray(PluginSpec[]::new))
                        .optEpsilons(epsilons)
                        .optSeed(seed.seed())
                        .optOptions(options().toArray(EvaluationRequest.Option[]::new));
        batchSize.ifPresent(request::optBatchSize);
        target.apply(request);
        return request.build();
    }

    private Set<EvaluationRequest.Option> options() {
        Set<EvaluationRequest.Option> options = EnumSet.noneOf(EvaluationRequest.Option.class);
        if (ensemble) {
            options.add(EvaluationRequest.Option.ENSEMBLE);
        }
        if (tighten) {
            options.add(EvaluationRequest.Option.TIGHTEN);
        }
        if (eightBit) {
            options.add(EvaluationRequest.Option.EIGHT_BIT);
        }
        if (csv.isPresent()) {
            options.add(EvaluationRequest.Option.IMAGES);
        }
        if (noCache) {
            options.add(EvaluationRequest.Option.NO_CACHE);
        }
        return options;
    }
}
