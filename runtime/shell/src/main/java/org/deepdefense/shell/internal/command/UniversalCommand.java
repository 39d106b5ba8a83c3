// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.evaluation.UniversalPerturbations;
import org.deepdefense.evaluation.UniversalRequest;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.shell.internal.render.PerturbationPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches one perturbation for all images. */
@Command(
        name = "universal",
        description = {
            "Searches one perturbation that fools a network on most images.",
            "It is made from images of the training split and measured on the test split."
        })
public final class UniversalCommand implements ShellCommand {

    @Mixin private NetworkOptions network;
    @Mixin private DatasetOptions dataset;

    @Option(
            names = "--train-limit",
            paramLabel = "N",
            description =
                    "Make it from the first N training images (default: ${DEFAULT-VALUE}); 0 for"
                            + " all.",
            defaultValue = "500")
    private int trainLimit;

    @Option(
            names = "--attack",
            paramLabel = Labels.ATTACK,
            description =
                    "Finds the smallest perturbation of one image (default: ${DEFAULT-VALUE}).",
            defaultValue = "deepfool")
    private String attack;

    @Option(
            names = "--norm",
            paramLabel = Labels.NORM,
            description = "How its size is limited: LINF (default) or L2.",
            defaultValue = "LINF")
    private Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "X",
            converter = Budgets.class,
            description =
                    "Its largest size, in pixels (default for LINF, as in the paper: 10/255).")
    private Optional<Double> epsilon = Optional.empty();

    @Option(
            names = "--fooling-rate",
            paramLabel = "X",
            description =
                    "End when so many training images are fooled (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.8")
    private double foolingRate;

    @Option(
            names = "--passes",
            paramLabel = "N",
            description =
                    "Go through the training images so often at most (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int passes;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description =
                    "How many images are attacked together (default: ${DEFAULT-VALUE}, as in the"
                            + " paper); more is faster.",
            defaultValue = "1")
    private int batchSize;

    @Mixin private SeedOption seed;

    @Option(
            names = "--png",
            paramLabel = Labels.FILE,
            description =
                    "Also write the perturbation, magnified on middle gray, as PNG;"
                            + " - for standard output.")
    private Optional<Path> png = Optional.empty();

    @Option(
            names = "--npz",
            paramLabel = Labels.FILE,
            description =
                    "Also write the perturbation, in pixels, in NumPy's format;"
                            + " - for standard output.")
    private Optional<Path> npz = Optional.empty();

    @Mixin private JobOptions job;

    @Override
    public void run(Session session) throws CommandFailure {
        ResultFile json = job.open(session);
        ResultFile picture = session.files().open(png, "--png");
        ResultFile arrays = session.files().open(npz, "--npz");
        if (job.background() && (png.isPresent() || npz.isPresent())) {
            throw CommandFailure.usage("--background and --png or --npz exclude each other");
        }
        UniversalPerturbations universal = session.services().universal();
        session.finish(
                universal.search(request(session)),
                job,
                json,
                result -> {
                    picture.write(to -> PerturbationPicture.writePng(result, to));
                    arrays.write(to -> universal.save(result, to));
                });
    }

    private UniversalRequest request(Session session) throws CommandFailure {
        if (norm != Norm.LINF && epsilon.isEmpty()) {
            throw CommandFailure.usage(
                    "how large may the perturbation be? Give --epsilon X, its norm in pixels");
        }
        NetworkSource source = network.source(session);
        return UniversalRequest.builder(
                        source,
                        dataset.spec(session, source, Split.TRAIN).withLimit(trainLimit),
                        dataset.spec(session, source, Split.TEST),
                        norm,
                        epsilon.orElse(UniversalRequest.EPSILON_LINF))
                .optAttack(PluginSpec.parse(attack))
                .optFoolingRate(foolingRate)
                .optPasses(passes)
                .optBatchSize(batchSize)
                .optSeed(seed.seed())
                .build();
    }
}
