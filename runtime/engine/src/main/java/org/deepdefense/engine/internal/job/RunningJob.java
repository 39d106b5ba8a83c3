// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Job;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job: its work, how far it is, and what came of it. */
final class RunningJob<T> implements Job<T>, JobControl, Runnable {

    /** How often others are told how far a job is. */
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger logger = LoggerFactory.getLogger(RunningJob.class);

    private final String id;
    private final String description;
    private final Instant started = Instant.now();
    private final Deferred<T> deferred;
    private final Observer observer;
    private final Occupations occupations = new Occupations();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** Released when the job ends, so that a job that is only remembered holds its result alone. */
    private JobTask<T> task;

    private State state = State.QUEUED;
    private String phase = "queued";
    private long done;
    private long total;
    private String detail = "";
    private long phaseStart;
    private long doneAtStart;
    private OptionalLong lastReport = OptionalLong.empty();
    private volatile boolean cancelled;

    /** Learns what becomes of jobs; it must not wait for anything. */
    interface Observer {

        /** Is told that a job begins to run. */
        void started(RunningJob<?> job);

        /** Is told how far a job is, from time to time. */
        void progressed(RunningJob<?> job, Status status);

        /** Is told of an oddity. */
        void warned(RunningJob<?> job, String message);

        /** Is told that a job that runs was asked to end. */
        void cancelled(RunningJob<?> job);

        /**
         * Is told that a job has ended, with a result, an error, or neither if it was cancelled.
         */
        <T> void ended(RunningJob<T> job, T result, Throwable error);
    }

    RunningJob(
            String id,
            String description,
            JobTask<T> task,
            Deferred<T> deferred,
            Observer observer) {
        this.id = id;
        this.description = description;
        this.task = task;
        this.deferred = deferred;
        this.observer = observer;
    }

    @Override
    public void run() {
        JobTask<T> work;
        synchronized (this) {
            if (state != State.QUEUED) {
                return;
            }
            state = State.RUNNING;
            work = task;
        }
        Thread thread = Thread.currentThread();
        String threadName = thread.getName();
        thread.setName("deepdefense-" + id);
        observer.started(this);
        try {
            occupations.run(() -> work(work));
        } finally {
            thread.setName(threadName);
        }
    }

    private void work(JobTask<T> work) {
        try {
            T result = work.run(this);
            if (end(State.DONE)) {
                observer.ended(this, result, null);
                deferred.resolve(result);
            }
        } catch (CancellationException e) {
            if (end(State.CANCELLED)) {
                observer.ended(this, null, null);
                deferred.fail(e);
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void fail(Throwable error) {
        if (end(State.FAILED)) {
            logger.error("{} failed: {}", id, description, error);
            observer.ended(this, null, error);
            deferred.fail(error);
        }
    }

    /** Tells whether this is how the job ended: what comes of an abandoned one counts no more. */
    private synchronized boolean end(State last) {
        if (state != State.QUEUED && state != State.RUNNING) {
            return false;
        }
        state = last;
        task = null;
        return true;
    }

    /** Leaves the job to itself if it has not ended, and says which plug-in keeps it. */
    void abandon() {
        String holder = occupations.any().orElse("its work");
        synchronized (this) {
            if (!end(State.ABANDONED)) {
                return;
            }
            phase = "does not react to cancellation";
            detail = holder;
        }
        warn(
                Character.toUpperCase(holder.charAt(0))
                        + holder.substring(1)
                        + " does not react to cancellation; its thread is left to itself");
        observer.ended(this, null, null);
        deferred.fail(cancellation());
    }

    CancellationException cancellation() {
        return new CancellationException("Job " + id + " was cancelled");
    }

    /** Waits until the job has ended, but no longer than this. */
    void awaitEnd(long nanos) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        promise().onResolve(ended::countDown);
        ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Tells whether the job has ended and its thread with it. */
    boolean isDone() {
        return promise().isDone() && occupations.any().isEmpty();
    }

    /** Fails the job if a plug-in of it is ending the process. */
    private void failIfExiting() {
        occupations
                .exiting()
                .ifPresent(
                        plugin ->
                                fail(
                                        new DeepDefenseException(
                                                "The process is ended by a call of System.exit in "
                                                        + plugin,
                                                "do not use it, and tell the author of the"
                                                        + " bundle")));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public synchronized State state() {
        return state;
    }

    @Override
    public Instant started() {
        return started;
    }

    @Override
    public synchronized Status status() {
        return new Status(phase, done, total, detail, eta());
    }

    private Optional<Duration> eta() {
        long progressed = done - doneAtStart;
        if (state != State.RUNNING || progressed <= 0 || total < done) {
            return Optional.empty();
        }
        double perUnit = (System.nanoTime() - phaseStart) / (double) progressed;
        return Optional.of(Duration.ofNanos((long) (perUnit * (total - done))));
    }

    @Override
    public synchronized void update(
            String currentPhase, long unitsDone, long unitsTotal, String currentDetail) {
        if (!phase.equals(currentPhase)) {
            phase = currentPhase;
            phaseStart = System.nanoTime();
            // A phase that goes on from a checkpoint did not do those units in this time.
            doneAtStart = unitsDone;
        }
        done = unitsDone;
        total = unitsTotal;
        detail = currentDetail;
        long now = System.nanoTime();
        if (lastReport.isEmpty() || now - lastReport.getAsLong() >= REPORT_NANOS) {
            lastReport = OptionalLong.of(now);
            observer.progressed(this, status());
        }
    }

    @Override
    public void checkCancelled() {
        if (cancelled) {
            throw cancellation();
        }
    }

    @Override
    public synchronized void warn(String message) {
        if (warnings.add(message)) {
            logger.warn("{}: {}", id, message);
            observer.warned(this, message);
        }
    }

    @Override
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public Promise<T> promise() {
        return deferred.getPromise();
    }

    @Override
    public T await() throws InterruptedException {
        return EndedJob.await(id, promise());
    }

    @Override
    public void cancel() {
        cancelled = true;
        boolean queued;
        synchronized (this) {
            queued = state == State.QUEUED && end(State.CANCELLED);
        }
        if (queued) {
            observer.ended(this, null, null);
            deferred.fail(cancellation());
        } else if (state() == State.RUNNING) {
            // A thread that is in System.exit waits for whoever cancels now.
            failIfExiting();
            observer.cancelled(this);
        }
    }

    @Override
    public String toString() {
        return id + " (" + description + ")";
    }
}
