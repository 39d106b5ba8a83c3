// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.util.Optional;

/** Carries the wish to stop from wherever a key or signal arrives to the command that runs. */
public final class Cancellation {

    private boolean requested;
    private Optional<Runnable> action = Optional.empty();

    /** Asks the command to stop. */
    public void request() {
        Optional<Runnable> current;
        synchronized (this) {
            requested = true;
            current = action;
        }
        current.ifPresent(Runnable::run);
    }

    /**
     * Tells whether the command was asked to stop.
     *
     * @return whether it was
     */
    public synchronized boolean isRequested() {
        return requested;
    }

    /**
     * Says what to do when asked to stop; done at once if that happened already.
     *
     * @param stop what to do
     */
    public void onRequest(Runnable stop) {
        boolean now;
        synchronized (this) {
            action = Optional.of(stop);
            now = requested;
        }
        if (now) {
            stop.run();
        }
    }

    /** Says that there is nothing to stop any more. */
    public synchronized void clear() {
        action = Optional.empty();
    }
}
