// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deepdefense.job.Job;
import org.deepdefense.shell.internal.CommandFailure;

/** Waits for a job and shows its progress. */
public final class JobWaiter {

    private static final long FRAME_MILLIS = 120;
    private static final long CANCEL_SECONDS = 3;

    private final Console console;

    /**
     * Creates a waiter.
     *
     * @param console where to show progress and to be told to stop
     */
    public JobWaiter(Console console) {
        this.console = console;
    }

    /**
     * Waits for a job, which is cancelled when the user asks the command to stop.
     *
     * @param job the job
     * @param <T> the type of its result
     * @return its result
     * @throws CommandFailure if it was cancelled
     */
    public <T> T await(Job<T> job) throws CommandFailure {
        follow(job, job::cancel, new CountDownLatch(1));
        return result(job);
    }

    /**
     * Watches a job until it ends or the user asks the command to stop, which leaves the job alone.
     *
     * @param job the job
     * @return whether the job ended
     */
    public boolean watch(Job<?> job) {
        CountDownLatch left = new CountDownLatch(1);
        return follow(job, left::countDown, left);
    }

    private boolean follow(Job<?> job, Runnable stop, CountDownLatch left) {
        CountDownLatch done = new CountDownLatch(1);
        job.promise().onResolve(done::countDown);
        ProgressDisplay display =
                new ProgressDisplay(console.err(), console.errLook(), System::nanoTime);
        Set<String> warned = new HashSet<>();
        console.cancellation().onRequest(stop);
        try {
            while (!done.await(FRAME_MILLIS, TimeUnit.MILLISECONDS)) {
                if (left.getCount() == 0) {
                    return false;
                }
                warn(job, warned, display);
                if (console.showsProgress()) {
                    display.show(job.status());
                }
            }
            warn(job, warned, display);
            return true;
        } catch (InterruptedException e) {
            // Whoever interrupts the command wants what Ctrl-C wants; the rest takes a moment.
            stop.run();
            return false;
        } finally {
            console.cancellation().clear();
            display.clear();
        }
    }

    private void warn(Job<?> job, Set<String> warned, ProgressDisplay display) {
        for (String warning : job.warnings()) {
            if (warned.add(warning)) {
                display.clear();
                console.warn(warning);
            }
        }
    }

    private static <T> T result(Job<T> job) throws CommandFailure {
        CountDownLatch done = new CountDownLatch(1);
        job.promise().onResolve(done::countDown);
        try {
            if (done.await(CANCEL_SECONDS, TimeUnit.SECONDS)) {
                return job.await();
            }
        } catch (CancellationException | InterruptedException e) {
            throw cancelled(job);
        }
        throw new CommandFailure(
                CommandFailure.CANCELLED,
                "cancelled; job " + job.id() + " is still busy and ends with its current step");
    }

    private static CommandFailure cancelled(Job<?> job) {
        return new CommandFailure(
                CommandFailure.CANCELLED,
                "cancelled: " + job.description() + " (job " + job.id() + ")");
    }
}
