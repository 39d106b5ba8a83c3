// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Work that takes its time. It runs on the engine's threads; whoever started it may wait for its
 * promise, watch it or cancel it.
 *
 * @param <T> the type of its result
 */
@ProviderType
public interface Job<T> {

    /** The stages of a job. */
    enum State {
        /** Waits for a thread. */
        QUEUED,
        /** Is being worked on. */
        RUNNING,
        /** Has a result. */
        DONE,
        /** Ended with an error. */
        FAILED,
        /** Was cancelled. */
        CANCELLED,
        /**
         * Was cancelled, but did not end within some seconds: its thread is left to itself, and
         * others have its place. Its last status and warning name the plug-in that holds it.
         */
        ABANDONED
    }

    /**
     * How far a job is.
     *
     * @param phase what is being done, such as {@code epoch 2/5}
     * @param done how many units of the phase are done
     * @param total how many units the phase has, or 0 if unknown
     * @param detail numbers worth seeing, or nothing
     * @param eta the time that the phase still needs, judged by its speed so far
     */
    record Status(String phase, long done, long total, String detail, Optional<Duration> eta) {}

    /**
     * Returns the name by which users call the job.
     *
     * @return a short identifier, unique among the jobs of this engine
     */
    String id();

    /**
     * Returns what the job does.
     *
     * @return one line, such as {@code evaluate lenet on mnist with deepfool}
     */
    String description();

    /**
     * Returns the stage of the job.
     *
     * @return the state
     */
    State state();

    /**
     * Returns when the job was started.
     *
     * @return the time
     */
    Instant started();

    /**
     * Returns how far the job is.
     *
     * @return the latest report
     */
    Status status();

    /**
     * Returns the oddities that were reported so far.
     *
     * @return sentences without repetitions
     */
    List<String> warnings();

    /**
     * Returns the promise of the result. It fails with {@link org.deepdefense.DeepDefenseException}
     * for errors that the user can mend, and with {@link
     * java.util.concurrent.CancellationException} after {@link #cancel()}.
     *
     * @return the promise
     */
    Promise<T> promise();

    /**
     * Waits for the result.
     *
     * @return the result
     * @throws InterruptedException if the waiting thread is interrupted; the job goes on
     * @throws org.deepdefense.DeepDefenseException if the job failed for a reason that the user can
     *     mend
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     * @throws IllegalStateException if the job failed otherwise, with the reason as its cause
     */
    T await() throws InterruptedException;

    /**
     * Asks the job to end. It does so within a second, or is abandoned some seconds later; what it
     * saved so far is kept.
     */
    void cancel();
}
