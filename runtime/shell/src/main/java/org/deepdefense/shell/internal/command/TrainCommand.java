// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a network from the beginning. */
@Command(
        name = "train",
        description = {
            "Trains a new network and saves it.",
            "An interrupted training goes on where it was when the same command is given again."
        })
public final class TrainCommand implements ShellCommand {

    @Option(
            names = "--model",
            paramLabel = Labels.MODEL,
            required = true,
            description = "A registered model, or a model's file (FILE.pt) to start from.")
    private String model;

    @Option(
            names = "--weights",
            paramLabel = Labels.FILE,
            description = "Weights to start from (FILE.npz); if not given, random ones.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--defense",
            paramLabel = Labels.DEFENSE,
            description = "The objective (default: ${DEFAULT-VALUE}).",
            defaultValue = "reference")
    private String defense;

    @Mixin private TrainingOptions training;

    @Override
    public void run(Session session) throws CommandFailure {
        training.run(session, source(session), defense);
    }

    private NetworkSource source(Session session) throws CommandFailure {
        if (weights.isPresent()) {
            return new NetworkSource.Weights(model, session.console().resolve(weights.get()));
        }
        NetworkNames names = new NetworkNames(session);
        return !names.isRegistered(model) && names.isFile(model)
                ? new NetworkSource.ModelFile(names.file(model))
                : new NetworkSource.Untrained(model);
    }
}
