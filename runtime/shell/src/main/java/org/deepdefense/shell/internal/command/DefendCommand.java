// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a network further, with a defense. */
@Command(
        name = "defend",
        description = {
            "Fine-tunes a trained network with a defense and saves the result.",
            "An interrupted training goes on where it was when the same command is given again."
        })
public final class DefendCommand implements ShellCommand {

    @Mixin private NetworkOptions network;

    @Option(
            names = "--defense",
            paramLabel = Labels.DEFENSE,
            description = "The objective (default: ${DEFAULT-VALUE}).",
            defaultValue = "deep-defense")
    private String defense;

    @Mixin private TrainingOptions training;

    @Override
    public void run(Session session) throws CommandFailure {
        training.run(session, network.source(session), defense);
    }
}
