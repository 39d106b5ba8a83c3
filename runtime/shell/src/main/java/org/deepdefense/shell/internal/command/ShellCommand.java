// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import org.deepdefense.shell.internal.CommandFailure;

/** A command, with its options in annotated fields; one object serves one call. */
@FunctionalInterface
public interface ShellCommand {

    /**
     * Runs the command.
     *
     * @param session what to work with
     * @throws CommandFailure if it did not work
     */
    void run(Session session) throws CommandFailure;
}
