// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says which network: by the name it is saved by, or by a model and a file. */
final class NetworkOptions {

    @Parameters(
            arity = "0..1",
            paramLabel = Labels.NETWORK,
            description = "A saved network, a model's file (FILE.pt), or MODEL=FILE.npz.")
    private Optional<String> network = Optional.empty();

    @Option(
            names = "--model",
            paramLabel = Labels.MODEL,
            description = "A registered model, with --weights; or a model's file (FILE.pt).")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--weights",
            paramLabel = Labels.FILE,
            description = "The weights of the model (FILE.npz).")
    private Optional<Path> weights = Optional.empty();

    NetworkSource source(Session session) throws CommandFailure {
        NetworkNames names = new NetworkNames(session);
        if (network.isPresent() && weights.isPresent()) {
            throw CommandFailure.usage(
                    "both " + network.get() + " and --weights name a network; give one of them");
        }
        if (model.isEmpty()) {
            if (weights.isPresent()) {
                throw CommandFailure.usage("--weights needs the model they are for: --model MODEL");
            }
            return names.network(
                    network.orElseThrow(
                            () ->
                                    CommandFailure.usage(
                                            "which network? Name a saved one, or give --model"
                                                    + " MODEL --weights FILE.npz, or --model"
                                                    + " FILE.pt")));
        }
        String name = model.get();
        if (network.isPresent()) {
            if (!NetworkNames.isWeights(network.get())) {
                throw CommandFailure.usage(
                        "both "
                                + network.get()
                                + " and --model "
                                + name
                                + " name a network; give one of them");
            }
            return new NetworkSource.Weights(name, names.file(network.get()));
        }
        if (weights.isPresent()) {
            return new NetworkSource.Weights(name, session.console().resolve(weights.get()));
        }
        if (!names.isRegistered(name) && names.isFile(name)) {
            return new NetworkSource.ModelFile(names.file(name));
        }
        session.services().catalog().get(PluginInfo.Kind.MODEL, name);
        throw CommandFailure.usage(
                "--model "
                        + name
                        + " alone has no trained weights; add --weights FILE.npz, or name a saved"
                        + " network");
    }
}
