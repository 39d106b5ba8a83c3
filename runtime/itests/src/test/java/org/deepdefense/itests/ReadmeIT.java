// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests;

import static java.util.stream.Collectors.joining;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** The code that the README shows is that of the examples, which are built and tested. */
public class ReadmeIT {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    public void showsTheCodeOfTheExamples() throws IOException {
        Path project = Path.of(System.getProperty("deepdefense.itests.project"));
        List<String> shown =
                JAVA.matcher(Files.readString(project.resolve("README.md")))
                        .results()
                        .map((MatchResult match) -> match.group(1).strip())
                        .toList();
        String examples;
        try (Stream<Path> files = Files.walk(project.resolve("runtime").resolve("examples"))) {
            examples =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(ReadmeIT::read)
                            .collect(joining("\n"));
        }
        assertFalse(shown.isEmpty());
        for (String code : shown) {
            assertTrue(code, examples.contains(code));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
