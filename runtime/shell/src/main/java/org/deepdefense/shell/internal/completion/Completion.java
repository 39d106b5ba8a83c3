// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.completion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.Services;
import org.deepdefense.shell.internal.command.CommandSet;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Proposes how to complete a command line, from the declared options of the commands and from what
 * is registered and saved at this moment.
 */
public final class Completion {

    private final Services services;

    /**
     * Creates a completion.
     *
     * @param services where names come from
     */
    public Completion(Services services) {
        this.services = services;
    }

    /**
     * Proposes commands.
     *
     * @return all commands
     */
    public List<Proposal> commands() {
        return CommandSet.specs().stream()
                .map(s -> Proposal.whole(s.name(), s.usageMessage().description()[0]))
                .toList();
    }

    /**
     * Proposes the last word of a command line.
     *
     * @param words the command and its arguments; the last one is as yet incomplete or empty
     * @param directory what relative file names are relative to
     * @return proposals, those too that do not begin like the last word
     */
    public List<Proposal> arguments(List<String> words, Path directory) {
        if (!CommandSet.names().contains(words.get(0))) {
            return List.of();
        }
        CommandSpec spec;
        try {
            spec = CommandSet.create(words.get(0)).getCommandSpec();
        } catch (CommandFailure e) {
            throw new IllegalStateException(e);
        }
        Values values = new Values(services, directory);
        String word = words.get(words.size() - 1);
        int equals = word.indexOf('=');
        if (word.startsWith("--") && equals > 0) {
            String option = word.substring(0, equals + 1);
            return valued(spec, word.substring(0, equals))
                    .map(o -> values.of(o.paramLabel(), word.substring(equals + 1)))
                    .orElse(List.of())
                    .stream()
                    .map(p -> new Proposal(option + p.value(), p.description(), p.isWhole()))
                    .toList();
        }
        Optional<OptionSpec> pending =
                words.size() > 2 ? valued(spec, words.get(words.size() - 2)) : Optional.empty();
        if (pending.isPresent()) {
            return values.of(pending.get().paramLabel(), word);
        }
        if (word.startsWith("-")) {
            return options(spec, words);
        }
        List<Proposal> proposals = new ArrayList<>();
        parameter(spec, words).ifPresent(p -> proposals.addAll(values.of(p.paramLabel(), word)));
        if (word.isEmpty()) {
            proposals.addAll(options(spec, words));
        }
        return proposals;
    }

    private static List<Proposal> options(CommandSpec spec, List<String> words) {
        return spec.options().stream()
                .filter(o -> !o.usageHelp() || !words.get(words.size() - 1).isEmpty())
                .filter(o -> words.stream().noneMatch(w -> isNamed(o, w)))
                .map(
                        o ->
                                Proposal.whole(
                                        o.longestName(),
                                        String.join(" ", o.description())
                                                .replaceAll(" *\\(default: [^)]*\\)", "")))
                .toList();
    }

    private static boolean isNamed(OptionSpec option, String word) {
        String name = word.startsWith("--") ? word.replaceFirst("=.*", "") : word;
        return List.of(option.names()).contains(name);
    }

    /** The option of that name, if it takes a value. */
    private static Optional<OptionSpec> valued(CommandSpec spec, String name) {
        return Optional.ofNullable(spec.findOption(name))
                .filter(o -> o.arity().min() > 0 && o.names().length > 0 && isNamed(o, name));
    }

    /** The parameter that the next word without an option is. */
    private static Optional<ArgSpec> parameter(CommandSpec spec, List<String> words) {
        int given = 0;
        for (int i = 1; i < words.size() - 1; i++) {
            boolean isOption = words.get(i).startsWith("-");
            boolean isValue = valued(spec, words.get(i - 1)).isPresent();
            given += isOption || isValue ? 0 : 1;
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.index().contains(given)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }
}
