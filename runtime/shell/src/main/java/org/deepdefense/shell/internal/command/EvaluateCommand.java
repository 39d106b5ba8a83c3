package org.deepdefense.shell.internal.command;

import java.util.Optional;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures accuracy and robustness. */
@Command(
        name = "evaluate",
        description = "Measures the accuracy of a network, and its robustness under an attack.")
public final class EvaluateCommand implements ShellCommand {

    @Mixin private NetworkOptions network;
    @Mixin private DatasetOptions dataset;
    @Mixin private SplitOption split;
    @Mixin private AttackOptions attack;
    @Mixin private SeedOption seed;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "How many images are attacked together.")
    private Optional<Integer> batchSize = Optional.empty();

    @Mixin private JobOptions job;

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = job.open(session);
        NetworkSource source = network.source(session);
        EvaluationRequest request =
                EvaluationRequest.of(
                                source, dataset.spec(session, source, split.split()), attack.spec())
                        .withSeed(seed.seed());
        if (batchSize.isPresent()) {
            request = request.withBatchSize(batchSize.get());
        }
        session.finish(session.services().evaluator().evaluate(request), job, json);
    }
}
