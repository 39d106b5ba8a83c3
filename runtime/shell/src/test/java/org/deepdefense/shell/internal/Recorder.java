// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.console.Cancellation;
import org.deepdefense.shell.internal.console.Console;
import org.deepdefense.shell.internal.console.Exit;

/** A console whose output a test can read. */
public final class Recorder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    public final Cancellation cancellation = new Cancellation();

    /** What was asked before leaving. */
    public final List<String> questions = new ArrayList<>();

    /** What Gogo runs in the background. */
    public final List<String> background = new ArrayList<>();

    /** What the next question is answered. */
    public boolean answer;

    /** Whether the command left. */
    public boolean left;

    public Console console(Look look, Path directory, Console.Mode mode) {
        Exit exit =
                new Exit() {
                    @Override
                    public boolean confirm(String question) {
                        questions.add(question);
                        return answer;
                    }

                    @Override
                    public List<String> background() {
                        return background;
                    }

                    @Override
                    public void leave() {
                        left = true;
                    }
                };
        return new Console(
                outStream(), errStream(), look, look, directory, cancellation, mode, exit);
    }

    public PrintStream outStream() {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    public PrintStream errStream() {
        return new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public List<String> outLines() {
        return out().lines().toList();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
