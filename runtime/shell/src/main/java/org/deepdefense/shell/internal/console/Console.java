package org.deepdefense.shell.internal.console;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where a command runs.
 *
 * @param out for results
 * @param err for progress and warnings
 * @param look how results may look
 * @param errLook how progress may look
 * @param directory what relative file names are relative to
 * @param cancellation how the user stops the command
 * @param isShell whether the process lives on after the command
 */
public record Console(
        PrintStream out,
        PrintStream err,
        Look look,
        Look errLook,
        Path directory,
        Cancellation cancellation,
        boolean isShell) {

    /**
     * Finds a file that the user named.
     *
     * @param file as the user wrote it
     * @return its path
     */
    public Path resolve(Path file) {
        return directory.resolve(file).normalize();
    }
}
