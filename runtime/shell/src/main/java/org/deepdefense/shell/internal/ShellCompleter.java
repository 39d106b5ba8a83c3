// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deepdefense.report.text.Printable;
import org.deepdefense.shell.internal.command.CommandSet;
import org.deepdefense.shell.internal.completion.Completion;
import org.deepdefense.shell.internal.completion.Proposal;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes our commands in JLine, and leaves the others to whoever completed them before. */
final class ShellCompleter implements Completer {

    private static final String SCOPE = GogoCommands.SCOPE + ":";

    private final Completion completion;
    private final Completer others;
    private final Supplier<Path> directory;

    ShellCompleter(Completion completion, Completer others, Supplier<Path> directory) {
        this.completion = completion;
        this.others = others;
        this.directory = directory;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            completion.commands().stream()
                    .filter(p -> p.value().startsWith(word))
                    .forEach(p -> candidates.add(candidate(p)));
            if (candidates.isEmpty()) {
                others.complete(reader, line, candidates);
            }
            return;
        }
        String command = line.words().get(0);
        if (command.startsWith(SCOPE)) {
            command = command.substring(SCOPE.length());
        }
        if (!CommandSet.names().contains(command)) {
            others.complete(reader, line, candidates);
            return;
        }
        List<String> words = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        words.set(0, command);
        words.add(word);
        completion.arguments(words, directory.get()).stream()
                .filter(p -> p.value().equals(Printable.of(p.value())))
                .filter(p -> EscapingParser.canInsert(p.value(), line))
                .forEach(p -> candidates.add(candidate(p)));
    }

    private static Candidate candidate(Proposal proposal) {
        String description =
                proposal.description().isEmpty() ? null : Printable.of(proposal.description());
        String value = proposal.value();
        // Of a path only the end, which is what tells the candidates apart.
        int slash = value.lastIndexOf('/', value.length() - 2);
        return new Candidate(
                value,
                value.substring(slash + 1),
                null,
                description,
                null,
                null,
                proposal.isWhole());
    }
}
