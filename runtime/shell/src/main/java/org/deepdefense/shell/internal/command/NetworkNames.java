// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.shell.internal.CommandFailure;

/** Tells what somebody means who names a network. */
final class NetworkNames {

    private final Session session;

    NetworkNames(Session session) {
        this.session = session;
    }

    /** Reads the name of a saved network, {@code MODEL=FILE.npz}, or a file. */
    NetworkSource network(String text) throws CommandFailure {
        if (isSaved(text)) {
            return new NetworkSource.Saved(text);
        }
        if (isThere(text)) {
            return modelFile(text);
        }
        Optional<String> model = modelBefore(text);
        if (model.isPresent()) {
            return new NetworkSource.Weights(
                    model.get(), file(text.substring(model.get().length() + 1)));
        }
        if (isRegistered(text)) {
            throw CommandFailure.usage(
                    text
                            + " is a model without trained weights; give --model "
                            + text
                            + " --weights FILE.npz (in a list: "
                            + text
                            + "=FILE.npz), or name a saved network");
        }
        if (!isFile(text)) {
            return new NetworkSource.Saved(text);
        }
        return modelFile(text);
    }

    private NetworkSource modelFile(String text) throws CommandFailure {
        if (isWeights(text)) {
            throw CommandFailure.usage(
                    text + " holds weights only; name their model: MODEL=" + text);
        }
        return new NetworkSource.ModelFile(file(text));
    }

    /**
     * Returns the model of {@code MODEL=FILE}.
     *
     * @param text what names a network
     * @return what stands before the first equals sign, unless that is in the name of a directory
     */
    static Optional<String> modelBefore(String text) {
        String model = text.replaceFirst("=.*", "");
        return model.isEmpty() || model.length() == text.length() || isPath(model)
                ? Optional.empty()
                : Optional.of(model);
    }

    private static boolean isPath(String text) {
        return text.contains("/") || text.contains("\\");
    }

    boolean isRegistered(String model) {
        return session.services().catalog().list(PluginInfo.Kind.MODEL).stream()
                .anyMatch(m -> m.name().equals(model));
    }

    private boolean isSaved(String name) {
        return session.services().networks().list().stream().anyMatch(n -> n.name().equals(name));
    }

    /**
     * Looks like a file, whether it is there or not: a missing one is worth an error of its own.
     */
    boolean isFile(String text) {
        if (isPath(text) || isWeights(text)) {
            return true;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.endsWith(".pt")
                || lower.endsWith(".pth")
                || lower.endsWith(".zip")
                || isThere(text);
    }

    private boolean isThere(String text) {
        try {
            return Files.isRegularFile(session.console().resolve(Path.of(text)));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    static boolean isWeights(String text) {
        return text.toLowerCase(Locale.ROOT).endsWith(".npz");
    }

    Path file(String text) throws CommandFailure {
        try {
            return session.console().resolve(Path.of(text));
        } catch (InvalidPathException e) {
            throw CommandFailure.usage("\"" + text + "\" is not the name of a file");
        }
    }
}
