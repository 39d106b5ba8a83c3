// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

/**
 * A command that did not work, in words for its user. One is made for each failure; it has no stack
 * trace, since the log has that of its cause.
 */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** The command was understood but did not work. */
    public static final int FAILED = 1;

    /** The command line was wrong. */
    public static final int USAGE = 2;

    /** The user cancelled the command; what shells report for an interrupt. */
    public static final int CANCELLED = 130;

    private final int exitCode;
    private final String shown;

    /**
     * Creates a failure.
     *
     * @param exitCode the exit code of a script's command, not 0
     * @param message one line with cause and remedy
     */
    public CommandFailure(int exitCode, String message) {
        this(exitCode, message, exitCode == CANCELLED ? message : "error: " + message);
    }

    private CommandFailure(int exitCode, String message, String shown) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.shown = shown;
    }

    /**
     * Creates a failure because of a wrong command line.
     *
     * @param message one line with cause and remedy
     * @return the failure
     */
    public static CommandFailure usage(String message) {
        return new CommandFailure(USAGE, message);
    }

    /**
     * Returns the exit code of a script's command.
     *
     * @return a number that is not 0
     */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Returns the same failure with other words for it.
     *
     * @param message one line with cause and remedy
     * @return a new failure
     */
    public CommandFailure withMessage(String message) {
        return new CommandFailure(exitCode, message);
    }

    /**
     * Returns the same failure as Gogo is to print it.
     *
     * @param text what it prints
     * @return a new failure
     */
    CommandFailure shownAs(String text) {
        return new CommandFailure(exitCode, getMessage(), text);
    }

    /** The whole line, because Gogo prints an exception as it prints any object. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return shown;
    }
}
