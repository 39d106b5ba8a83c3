// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.util.List;

/** The way out of a shell or a script. */
public interface Exit {

    /**
     * Asks the user.
     *
     * @param question a question that is answered by yes or no
     * @return whether the answer is yes; always where nobody can be asked
     */
    boolean confirm(String question);

    /**
     * Returns what runs in the background of a shell, whether it is a job yet or not.
     *
     * @return command lines
     */
    List<String> background();

    /** Ends the shell or the script, soon. */
    void leave();
}
