// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.deepdefense.report.text.Look;

/**
 * Where a command runs: all that people read goes through here, and nothing in it moves the cursor
 * but what this software draws.
 */
public final class Console {

    /** How a command came to be run. */
    public enum Mode {
        /** From a script: the process ends with the commands. */
        SCRIPT,
        /** In the foreground of a shell. */
        SHELL,
        /** In the background of a shell, whose user types something else meanwhile. */
        BACKGROUND
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Look look;
    private final Look errLook;
    private final Path directory;
    private final Cancellation cancellation;
    private final Mode mode;
    private final Exit exit;
    private boolean isDataOnOut;

    /**
     * Creates a console for one command.
     *
     * @param out for results
     * @param err for progress and warnings
     * @param look how results may look
     * @param errLook how progress may look
     * @param directory what relative file names are relative to
     * @param cancellation how the user stops the command
     * @param mode how the command came to be run
     * @param exit how the user leaves
     */
    public Console(
            PrintStream out,
            PrintStream err,
            Look look,
            Look errLook,
            Path directory,
            Cancellation cancellation,
            Mode mode,
            Exit exit) {
        this.out = out;
        this.err = err;
        this.look = look;
        this.errLook = errLook;
        this.directory = directory;
        this.cancellation = cancellation;
        this.mode = mode;
        this.exit = exit;
    }

    /**
     * Prints a sentence.
     *
     * @param text plain text, parts of which may come from anywhere
     */
    public void println(String text) {
        stream().println(look().text(text));
    }

    /**
     * Prints what a renderer made.
     *
     * @param lines lines with the styles of {@link #look()}
     */
    public void println(List<String> lines) {
        lines.forEach(line -> stream().println(look().line(line)));
    }

    /**
     * Prints a warning, apart from the results.
     *
     * @param text plain text, parts of which may come from anywhere
     */
    public void warn(String text) {
        err.println("warning: " + errLook.text(text));
    }

    private PrintStream stream() {
        return isDataOnOut ? err : out;
    }

    /**
     * Returns how results may look.
     *
     * @return the look of what {@link #println(List)} prints
     */
    public Look look() {
        return isDataOnOut ? errLook : look;
    }

    /**
     * Takes standard output for data. What people read goes to the other stream from now on.
     *
     * @return standard output, not to be closed
     */
    public PrintStream data() {
        isDataOnOut = true;
        return out;
    }

    /**
     * Returns the stream of progress and warnings.
     *
     * @return the stream, not to be closed
     */
    public PrintStream err() {
        return err;
    }

    /**
     * Returns how progress may look.
     *
     * @return the look of that stream
     */
    public Look errLook() {
        return errLook;
    }

    /**
     * Returns how the user stops the command.
     *
     * @return the way from a key to the command
     */
    public Cancellation cancellation() {
        return cancellation;
    }

    /**
     * Tells whether the process lives on after the command.
     *
     * @return whether it does
     */
    public boolean isShell() {
        return mode != Mode.SCRIPT;
    }

    /**
     * Tells whether there is room for progress.
     *
     * @return whether nobody types meanwhile
     */
    public boolean showsProgress() {
        return mode != Mode.BACKGROUND;
    }

    /**
     * Returns how the user leaves.
     *
     * @return the way out
     */
    public Exit exit() {
        return exit;
    }

    /**
     * Finds a file that the user named.
     *
     * @param file as the user wrote it
     * @return its path; links in it are not followed
     */
    public Path resolve(Path file) {
        return directory.resolve(file);
    }
}
