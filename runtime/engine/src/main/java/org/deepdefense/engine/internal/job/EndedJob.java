// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Job;
import org.osgi.util.promise.Promise;

/**
 * What is remembered of a job that has ended: all but its work and the images of its result, which
 * whoever started it still has.
 *
 * @param id the name of the job
 * @param description one line that says what it did
 * @param state how it ended
 * @param started when it was started
 * @param status the last that it reported
 * @param warnings oddities that it reported
 * @param promise its result or why there is none
 * @param <T> the type of the result
 */
record EndedJob<T>(
        String id,
        String description,
        State state,
        Instant started,
        Status status,
        List<String> warnings,
        Promise<T> promise)
        implements Job<T> {

    @Override
    public T await() throws InterruptedException {
        return await(id, promise);
    }

    /** Waits for the result of a job as {@link Job#await()} says. */
    static <T> T await(String id, Promise<T> promise) throws InterruptedException {
        try {
            return promise.getValue();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            // Thrown as they are: they carry their own message and no state of this thread.
            if (cause instanceof DeepDefenseException known) {
                throw known;
            }
            if (cause instanceof CancellationException cancellation) {
                throw cancellation;
            }
            throw new IllegalStateException("Job " + id + " failed", cause);
        }
    }

    @Override
    public void cancel() {
        // There is nothing left to end.
    }

    @Override
    public String toString() {
        return id + " (" + description + ")";
    }
}
