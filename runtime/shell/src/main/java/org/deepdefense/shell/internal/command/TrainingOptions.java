// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import java.util.Optional;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.json.ResultFile;
import org.deepdefense.training.TrainingRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a training. */
final class TrainingOptions {

    @Mixin private DatasetOptions dataset;
    @Mixin private SeedOption seed;
    @Mixin private JobOptions job;

    @Option(
            names = "--attack",
            paramLabel = Labels.ATTACK,
            description = "The attack to train against; if not given, the defense's own choice.")
    private Optional<String> attack = Optional.empty();

    @Option(
            names = "--with",
            paramLabel = Labels.MODIFIER,
            description =
                    "What changes the objective, such as awp:gamma=0.01; may be given several"
                            + " times, the innermost first.")
    private List<String> modifiers = List.of();

    @Option(
            names = "--save",
            paramLabel = Labels.SAVED,
            required = true,
            description = "The name to save the network by.")
    private String save;

    @Option(names = "--overwrite", description = "Replace a saved network of that name.")
    private boolean overwrite;

    @Option(
            names = "--restart",
            description =
                    "Begin anew where an interrupted training of that name would be continued.")
    private boolean restart;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often to go through the data set (default: ${DEFAULT-VALUE}).",
            defaultValue = "5")
    private int epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "How many images make a step (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int batchSize;

    @Option(
            names = "--lr",
            paramLabel = "X",
            description = "The learning rate; if not given, what the defense recommends.")
    private Optional<Double> learningRate = Optional.empty();

    @Option(
            names = "--lr-decay-epochs",
            paramLabel = "N",
            split = ",",
            description =
                    "The epochs, from 1, at whose start the learning rate falls (default: that of"
                            + " the last third of a new network's training, else the last).")
    private List<Integer> decayEpochs = List.of();

    @Option(
            names = "--lr-decay",
            paramLabel = "X",
            description =
                    "What the learning rate is then multiplied by (default: 0.1 in a new network's"
                            + " training, else 0.5).")
    private Optional<Double> decay = Optional.empty();

    @Option(
            names = "--average",
            paramLabel = "N",
            description =
                    "Over how many epochs, the last ones, the weights are averaged; 0 for the"
                            + " weights of the last step (default: 0 in a new network's training, else"
                            + " the last of several).")
    private Optional<Integer> averagedEpochs = Optional.empty();

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description =
                    "Save the exponential mean of the weights, of which each step keeps so much,"
                            + " such as 0.999.")
    private Optional<Double> emaDecay = Optional.empty();

    @Option(
            names = "--validation",
            paramLabel = "N",
            description =
                    "Hold so many images out, and save the epoch that withstands attacks on most of"
                            + " them (default: ${DEFAULT-VALUE}, the last epoch is saved).",
            defaultValue = "0")
    private int validation;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            description = "Momentum of the gradient (default: ${DEFAULT-VALUE}).",
            defaultValue = "0.9")
    private double momentum;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description =
                    "How strongly weights, but not biases, are drawn to zero (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "5e-4")
    private double weightDecay;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "What the pixels of a new network are multiplied by (default: 1).")
    private Optional<Double> scale = Optional.empty();

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            description = "Steps between checkpoints (default: ${DEFAULT-VALUE}).",
            defaultValue = "500")
    private int checkpointSteps;

    void run(Session session, NetworkSource network, String defense) throws CommandFailure {
        ResultFile json = job.open(session);
        TrainingRequest request = request(session, network, defense);
        if (restart) {
            session.services().trainer().discard(save);
        }
        try {
            session.finish(session.services().trainer().train(request), job, json);
        } catch (CommandFailure e) {
            if (e.exitCode() == CommandFailure.CANCELLED) {
                throw e.withMessage(
                        e.getMessage() + "; nothing is lost: run the same command again to go on");
            }
            throw e;
        }
    }

    private TrainingRequest request(Session session, NetworkSource network, String defense)
            throws CommandFailure {
        TrainingRequest.Builder builder =
                TrainingRequest.builder(
                                network,
                                dataset.spec(session, network, Split.TRAIN),
                                PluginSpec.parse(defense),
                                save)
                        .optOverwrite(overwrite)
                        .optEpochs(epochs)
                        .optBatchSize(batchSize)
                        .optMomentum(momentum)
                        .optWeightDecay(weightDecay)
                        .optCheckpointSteps(checkpointSteps)
                        .optSeed(seed.seed());
        if (scale.isPresent() && !(network instanceof NetworkSource.Untrained)) {
            throw CommandFailure.usage(
                    "--scale is for new networks, and " + network + " has its own; leave it out");
        }
        scale.ifPresent(builder::optScale);
        attack.map(PluginSpec::parse).ifPresent(builder::optAttack);
        learningRate.ifPresent(builder::optLearningRate);
        if (!decayEpochs.isEmpty()) {
            builder.optDecayEpochs(decayEpochs);
        }
        decay.ifPresent(builder::optDecayFactor);
        averagedEpochs.ifPresent(builder::optAveragedEpochs);
        emaDecay.ifPresent(builder::optEmaDecay);
        builder.optModifiers(modifiers.stream().map(PluginSpec::parse).toList());
        builder.optValidation(validation);
        TrainingRequest request = builder.build();
        if (decay.isPresent() && request.decayEpochs().isEmpty()) {
            throw CommandFailure.usage(
                    "--lr-decay needs an epoch at which the learning rate falls, and "
                            + epochs
                            + " epochs have none of themselves; give --lr-decay-epochs, too");
        }
        return request;
    }
}
