// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.time.Duration;
import java.util.List;
import org.deepdefense.evaluation.RobustnessTable;
import org.deepdefense.evaluation.TableRequest;
import org.deepdefense.job.Job;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.report.text.EvaluationText;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.Times;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.console.JobWaiter;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.training.Trainer;
import org.deepdefense.training.TrainingRequest;
import org.deepdefense.training.TrainingResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows in two minutes what this software is for. */
@Command(
        name = "quickstart",
        description = {
            "Trains a small network, defends it, and compares both, in two minutes.",
            "The images are the handwritten digits that come with this software. The networks are"
                    + " saved as PREFIX-reference and PREFIX-defended, replacing those of an earlier"
                    + " run."
        })
public final class QuickstartCommand implements ShellCommand {

    @Option(
            names = "--save-prefix",
            paramLabel = "PREFIX",
            description = "What the networks' names begin with (default: ${DEFAULT-VALUE}).",
            defaultValue = "quickstart")
    private String prefix;

    @Mixin private SeedOption seed;
    @Mixin private ListOptions options;

    /** What scripts get. */
    private record Result(
            TrainingResult reference,
            TrainingResult defended,
            RobustnessTable table,
            double seconds) {}

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = options.open(session);
        long start = System.nanoTime();
        QuickstartPlan plan = new QuickstartPlan(prefix, seed.seed());

        step(session, 1, "train a reference network (LeNet on digits)");
        TrainingResult reference = train(session, plan.reference());
        step(session, 2, "fine-tune it with Deep Defense");
        TrainingResult defended = train(session, plan.defended());
        step(session, 3, "attack both (DeepFool and fast gradient sign)");
        RobustnessTable table =
                await(
                        session,
                        session.services()
                                .evaluator()
                                .table(
                                        TableRequest.builder(
                                                        List.of(
                                                                new NetworkSource.Saved(
                                                                        plan.referenceName()),
                                                                new NetworkSource.Saved(
                                                                        plan.defendedName())),
                                                        plan.testImages())
                                                .build()));

        Duration time = Duration.ofNanos(System.nanoTime() - start);
        EvaluationText text = new EvaluationText(session.console().look());
        session.console().println("");
        session.console().println(text.table(table));
        session.console().println("");
        session.console().println(text.meaning(table));
        session.console().println("Done in " + Times.duration(time) + ".");
        json.writeJson(new Result(reference, defended, table, time.toMillis() / 1000.0));
    }

    private static void step(Session session, int number, String what) {
        Look look = session.console().look();
        session.console().println(List.of(look.bold("[" + number + "/3]") + " " + what));
    }

    /** An interrupted quick start begins anew: its settings may be of another version. */
    private static TrainingResult train(Session session, TrainingRequest request)
            throws CommandFailure {
        Trainer trainer = session.services().trainer();
        trainer.discard(request.saveAs());
        return await(session, trainer.train(request));
    }

    private static <T> T await(Session session, Job<T> job) throws CommandFailure {
        return new JobWaiter(session.console()).await(job);
    }
}
