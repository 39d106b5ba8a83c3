// SPDX-License-Identifier: Apache-2.0
package org.deepdefense;

/**
 * An error that its user can mend: the message is one sentence or two that name the cause and the
 * remedy, fit to be shown without a stack trace.
 */
public class DeepDefenseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an error.
     *
     * @param problem what is wrong, with the offending value, as a clause without a full stop
     * @param remedy what to do about it, as a clause without a full stop
     */
    public DeepDefenseException(String problem, String remedy) {
        super(problem + ": " + remedy);
    }

    /**
     * Creates an error with the exception behind it, which goes to the log.
     *
     * @param problem what is wrong, with the offending value, as a clause without a full stop
     * @param remedy what to do about it, as a clause without a full stop
     * @param cause the exception behind it
     */
    public DeepDefenseException(String problem, String remedy, Throwable cause) {
        super(problem + ": " + remedy, cause);
    }
}
