// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deepdefense.evaluation.EvaluationRequest;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.shell.internal.render.Gallery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Attacks single images, to look at them. */
@Command(
        name = "attack",
        description = {
            "Attacks single images and shows them: the clean image, the perturbation (magnified, on"
                    + " middle gray) and the adversarial image."
        })
public final class AttackCommand implements ShellCommand {

    @Mixin private NetworkOptions network;

    @Mixin private DatasetOptions dataset;
    @Mixin private SplitOption split;

    @Option(
            names = "--index",
            paramLabel = "N",
            split = ",",
            description = "The images of the data set, from 0 (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private List<Integer> indices;

    @Mixin private AttackOptions attack;
    @Mixin private TargetOption target;
    @Mixin private SeedOption seed;

    @Option(
            names = "--png",
            paramLabel = Labels.FILE,
            description = "Also write the images to this file, as PNG; - for standard output.")
    private Optional<Path> png = Optional.empty();

    @Mixin private JobOptions job;

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = job.open(session);
        ResultFile picture = session.files().open(png, "--png");
        if (job.background() && png.isPresent()) {
            throw CommandFailure.usage("--background and --png exclude each other");
        }
        NetworkSource source = network.source(session);
        EvaluationRequest.Builder request =
                EvaluationRequest.builder(
                                source, dataset.spec(session, source, split.split()), attack.spec())
                        .optSeed(seed.seed());
        target.apply(request);
        session.finish(
                session.services().evaluator().attack(request.build(), indices),
                job,
                json,
                images -> picture.write(to -> Gallery.writePng(images, to)));
        if (picture.isFile()) {
            session.console().println("Wrote " + png.get() + ".");
        }
    }
}
