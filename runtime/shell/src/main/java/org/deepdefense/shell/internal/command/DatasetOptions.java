// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Path;
import java.util.Optional;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;
import picocli.CommandLine.Option;

/** Options that name images. */
final class DatasetOptions {

    @Option(
            names = "--dataset",
            paramLabel = Labels.DATASET,
            description =
                    "The data set; if not given, the one that a saved network was trained on.")
    private Optional<String> dataset = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = Labels.DIRECTORY,
            description =
                    "Where the data set's files are; if not given, DEEPDEFENSE_DATA, else they are"
                            + " fetched.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Use the first N images only; 0 for all.",
            defaultValue = "0")
    private int limit;

    DatasetSpec spec(Session session, NetworkSource network, Split split) throws CommandFailure {
        String name = dataset.isPresent() ? dataset.get() : trainedOn(session, network);
        return new DatasetSpec(name, data.map(session.console()::resolve), split, limit);
    }

    private static String trainedOn(Session session, NetworkSource network) throws CommandFailure {
        if (network instanceof NetworkSource.Saved saved) {
            return session.services().networks().get(saved.name()).training().dataset().name();
        }
        throw CommandFailure.usage(
                "which images? Give --dataset DATASET; \"datasets\" lists what there is");
    }
}
