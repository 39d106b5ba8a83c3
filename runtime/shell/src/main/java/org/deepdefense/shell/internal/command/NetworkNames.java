package org.deepdefense.shell.internal.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
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
        int equals = text.indexOf('=');
        if (equals > 0) {
            return new NetworkSource.Weights(
                    text.substring(0, equals), file(text.substring(equals + 1)));
        }
        if (isSaved(text)) {
            return new NetworkSource.Saved(text);
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
        if (isWeights(text)) {
            throw CommandFailure.usage(
                    text + " holds weights only; name their model: MODEL=" + text);
        }
        return new NetworkSource.ModelFile(file(text));
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
        if (text.contains("/") || text.contains("\\") || isWeights(text)) {
            return true;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".pt") || lower.endsWith(".pth") || lower.endsWith(".zip")) {
            return true;
        }
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
