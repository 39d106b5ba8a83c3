// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says at the end of a build how many tests were skipped for want of the folder with reference
 * values and real data. Tests that are skipped for other reasons do not depend on it.
 */
public final class SkippedTests {

    private static final Pattern SKIPPED =
            Pattern.compile("<skipped[^>]*?(/>|>.*?</skipped>)", Pattern.DOTALL);
    private static final Pattern REPORT =
            Pattern.compile(".*/target/(surefire|failsafe)-reports/TEST-[^/]*\\.xml");

    /**
     * Prints a line, or nothing.
     *
     * @param args the project's directory, the folder, and when the build began, in ISO 8601
     */
    public static void main(String[] args) throws IOException {
        Path shared = Path.of(args[1]);
        if (Files.exists(shared)) {
            return;
        }
        Instant begin = Instant.parse(args[2]);
        long skipped = 0;
        for (Path report : reports(Path.of(args[0]))) {
            if (Files.getLastModifiedTime(report).toInstant().isBefore(begin)) {
                continue;
            }
            skipped +=
                    SKIPPED.matcher(Files.readString(report))
                            .results()
                            .filter(match -> match.group().contains(shared.toString()))
                            .count();
        }
        if (skipped > 0) {
            System.out.println(
                    "[WARNING] "
                            + skipped
                            + " tests with reference values or real data were skipped: there is no "
                            + shared.normalize());
        }
    }

    private static List<Path> reports(Path project) throws IOException {
        try (Stream<Path> files = Files.walk(project, 6)) {
            return files.filter(file -> REPORT.matcher(file.toString()).matches()).toList();
        }
    }
}
