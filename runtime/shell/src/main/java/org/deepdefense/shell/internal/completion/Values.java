// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.completion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.evaluation.Target;
import org.deepdefense.report.text.AttackList;
import org.deepdefense.shell.internal.Services;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.command.Labels;

/** Proposes values of options and parameters by what they stand for. */
final class Values {

    private static final int MOST_FILES = 500;

    private final Services services;
    private final Path directory;

    Values(Services services, Path directory) {
        this.services = services;
        this.directory = directory;
    }

    List<Proposal> of(String label, String word) {
        return switch (label) {
            case Labels.MODEL -> join(plugins(PluginInfo.Kind.MODEL, word), networkFiles(word));
            case Labels.DATASET -> plugins(PluginInfo.Kind.DATASET, word);
            case Labels.ATTACK -> plugins(PluginInfo.Kind.ATTACK, word);
            case Labels.DEFENSE -> plugins(PluginInfo.Kind.DEFENSE, word);
            case Labels.MODIFIER -> plugins(PluginInfo.Kind.MODIFIER, word);
            case Labels.SAVED -> saved();
            case Labels.NETWORK -> networks(word);
            case Labels.JOB -> jobs();
            case Labels.FILE -> files(word, "", true);
            case Labels.DIRECTORY -> files(word, "", false);
            case Labels.SPLIT -> List.of(Proposal.whole("test", ""), Proposal.whole("train", ""));
            case Labels.TARGET -> targets();
            case Labels.TYPE -> constants(AttackList.Type.values());
            case Labels.NORM -> constants(Norm.values());
            case Labels.ACCESS -> constants(Access.values());
            case Labels.COMMAND ->
                    CommandSet.names().stream().map(n -> Proposal.whole(n, "")).toList();
            default -> List.of();
        };
    }

    private static List<Proposal> targets() {
        return Stream.of(Target.Choice.values())
                .filter(choice -> choice != Target.Choice.CLASS)
                .map(choice -> Proposal.whole(Target.of(choice).toString(), ""))
                .toList();
    }

    private static List<Proposal> join(List<Proposal> some, List<Proposal> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static List<Proposal> constants(Enum<?>... constants) {
        return Stream.of(constants)
                .map(constant -> Proposal.whole(constant.name().toLowerCase(Locale.ROOT), ""))
                .toList();
    }

    private List<Proposal> plugins(PluginInfo.Kind kind, String word) {
        List<PluginInfo> plugins = services.catalog().list(kind);
        int colon = word.indexOf(':');
        if (colon >= 0) {
            return plugin(kind, plugins, word.substring(0, colon))
                    .map(p -> parameters(p, word))
                    .orElse(List.of());
        }
        boolean selecting = word.indexOf('@') > 0;
        return plugins.stream()
                .flatMap(
                        p ->
                                selecting
                                        ? p.candidates().stream()
                                                .map(c -> Proposal.whole(c.name(), c.standing()))
                                        : Stream.of(Proposal.whole(p.name(), p.description())))
                .toList();
    }

    /** Looks among what is listed first: most names have no selector. */
    private Optional<PluginInfo> plugin(
            PluginInfo.Kind kind, List<PluginInfo> plugins, String name) {
        Optional<PluginInfo> listed =
                plugins.stream().filter(p -> p.name().equals(name)).findFirst();
        if (listed.isPresent() || plugins.stream().noneMatch(p -> isCandidate(p, name))) {
            return listed;
        }
        return Optional.of(services.catalog().get(kind, name));
    }

    private static boolean isCandidate(PluginInfo plugin, String name) {
        return plugin.candidates().stream().anyMatch(c -> c.name().equals(name));
    }

    /** Parameters after {@code name:}, and values after {@code name:parameter=}. */
    private static List<Proposal> parameters(PluginInfo plugin, String word) {
        int start = Math.max(word.indexOf(':'), word.lastIndexOf(',')) + 1;
        String before = word.substring(0, start);
        int equals = word.indexOf('=', start);
        if (equals < 0) {
            Set<String> given = new HashSet<>();
            for (String pair : before.substring(before.indexOf(':') + 1).split(",", -1)) {
                given.add(pair.replaceFirst("=.*", ""));
            }
            return plugin.parameters().stream()
                    .filter(p -> !given.contains(p.name()))
                    .map(p -> Proposal.beginning(before + p.name() + "=", about(p)))
                    .toList();
        }
        String name = word.substring(start, equals);
        return plugin.parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .map(
                        p ->
                                choices(p).stream()
                                        .map(
                                                v ->
                                                        Proposal.beginning(
                                                                before + name + "=" + v,
                                                                v.equals(p.value())
                                                                        ? "default"
                                                                        : ""))
                                        .toList())
                .orElse(List.of());
    }

    private static String about(ParameterInfo parameter) {
        return "default " + parameter.value() + "; " + parameter.description();
    }

    private static List<String> choices(ParameterInfo parameter) {
        if (!parameter.options().isEmpty()) {
            return parameter.options();
        }
        return parameter.type().equals("boolean")
                ? List.of("true", "false")
                : List.of(parameter.value());
    }

    private List<Proposal> saved() {
        return services.networks().list().stream()
                .map(n -> Proposal.whole(n.name(), n.model()))
                .toList();
    }

    private List<Proposal> networks(String word) {
        int equals = word.indexOf('=');
        if (equals > 0) {
            // MODEL=FILE, or a file with an equals sign in its path.
            return join(
                    files(word.substring(equals + 1), word.substring(0, equals + 1), true),
                    files(word, "", true));
        }
        List<Proposal> models =
                services.catalog().list(PluginInfo.Kind.MODEL).stream()
                        .map(m -> Proposal.beginning(m.name() + "=", "weights from a file"))
                        .toList();
        return join(join(saved(), models), networkFiles(word));
    }

    /** Before anything is typed only the files that look like networks, of which there are few. */
    private List<Proposal> networkFiles(String word) {
        return files(word, "", true).stream()
                .filter(
                        file ->
                                !word.isEmpty()
                                        || !file.isWhole()
                                        || file.value().matches("(?i).*\\.(pt|pth|zip|npz)"))
                .toList();
    }

    private List<Proposal> jobs() {
        return services.jobs().list().stream()
                .map(
                        j ->
                                Proposal.whole(
                                        j.id(),
                                        j.state().name().toLowerCase(Locale.ROOT)
                                                + ": "
                                                + j.description()))
                .toList();
    }

    private List<Proposal> files(String word, String prefix, boolean alsoFiles) {
        String parent = word.substring(0, word.lastIndexOf('/') + 1);
        String begin = word.substring(parent.length());
        List<Proposal> proposals = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory.resolve(parent))) {
            entries.filter(p -> p.getFileName().toString().startsWith(begin))
                    .filter(p -> !p.getFileName().toString().startsWith(".") || !begin.isEmpty())
                    .sorted()
                    .limit(MOST_FILES)
                    .forEach(
                            p -> {
                                String name = prefix + parent + p.getFileName();
                                if (Files.isDirectory(p)) {
                                    proposals.add(Proposal.beginning(name + "/", ""));
                                } else if (alsoFiles) {
                                    proposals.add(Proposal.whole(name, ""));
                                }
                            });
        } catch (IOException | InvalidPathException e) {
            // Nothing to propose in a directory that is not there.
            return List.of();
        }
        return proposals;
    }
}
