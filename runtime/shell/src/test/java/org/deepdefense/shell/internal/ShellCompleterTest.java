// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.shell.internal.completion.Completion;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellCompleterTest {

    @TempDir Path directory;

    private final Completer others =
            (reader, line, candidates) -> candidates.add(new Candidate("of another"));

    private List<Candidate> complete(String line) {
        List<Candidate> candidates = new ArrayList<>();
        new ShellCompleter(new Completion(new FakeServices().services()), others, () -> directory)
                .complete(
                        null,
                        new DefaultParser()
                                .parse(line, line.length(), Parser.ParseContext.COMPLETE),
                        candidates);
        return candidates;
    }

    private List<String> values(String line) {
        return complete(line).stream().map(Candidate::value).toList();
    }

    @Test
    void commandsComeBeforeThoseOfOthers() {
        assertEquals(List.of("evaluate"), values("ev"));
        assertEquals(List.of("of another"), values("xy"));
    }

    @Test
    void argumentsOfOthersAreTheirs() {
        assertEquals(List.of("of another"), values("ls "));
    }

    @Test
    void scopeMakesNoDifference() {
        assertEquals(List.of("lenet-ref", "lenet-dd"), values("dd:delete "));
    }

    @Test
    void pathsAreShownByTheirEnd() throws Exception {
        Files.createDirectories(directory.resolve("a/b"));

        Candidate candidate = complete("evaluate --data a/").get(0);

        assertEquals("a/b/", candidate.value());
        assertEquals("b/", candidate.displ());
        assertFalse(candidate.complete());
    }
}
