// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.ArrayList;
import java.util.List;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares networks. */
@Command(
        name = "table",
        description = {
            "Compares networks as in the Deep Defense paper.",
            "The last network, usually the defended one, decides how strong the attack is that"
                    + " measures the accuracies: the one that halves its accuracy."
        })
public final class TableCommand implements ShellCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = Labels.NETWORK,
            description = "Saved networks, models' files (FILE.pt), or MODEL=FILE.npz.")
    private List<String> networks;

    @Mixin private DatasetOptions dataset;
    @Mixin private SplitOption split;

    @Option(
            names = "--attack",
            paramLabel = Labels.ATTACK,
            description = "The attack that measures rho2 (default: ${DEFAULT-VALUE}).",
            defaultValue = "deepfool")
    private String rhoAttack;

    @Option(
            names = "--budget-attack",
            paramLabel = Labels.ATTACK,
            description =
                    "The fixed-budget attack that measures the accuracies (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "fgsm")
    private String budgetAttack;

    @Mixin private SeedOption seed;
    @Mixin private JobOptions job;

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = job.open(session);
        NetworkNames names = new NetworkNames(session);
        List<NetworkSource> sources = new ArrayList<>();
        for (String network : networks) {
            sources.add(names.network(network));
        }
        TableRequest request =
                TableRequest.builder(
                                sources,
                                dataset.spec(
                                        session, sources.get(sources.size() - 1), split.split()))
                        .optRhoAttack(PluginSpec.parse(rhoAttack))
                        .optFgsAttack(PluginSpec.parse(budgetAttack))
                        .optSeed(seed.seed())
                        .build();
        session.finish(session.services().evaluator().table(request), job, json);
    }
}
