package org.deepdefense.engine.internal.job;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Job;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job: its work, how far it is, and what came of it. */
final class RunningJob<T> implements Job<T>, JobControl, Runnable {

    private static final Logger logger = LoggerFactory.getLogger(RunningJob.class);

    private final String id;
    private final String description;
    private final Instant started = Instant.now();
    private final Deferred<T> deferred;
    private final JobHistory history;
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
    private volatile boolean cancelled;

    RunningJob(
            String id,
            String description,
            JobTask<T> task,
            Deferred<T> deferred,
            JobHistory history) {
        this.id = id;
        this.description = description;
        this.task = task;
        this.deferred = deferred;
        this.history = history;
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
        try {
            T result = work.run(this);
            end(State.DONE);
            history.add(this, result, null);
            deferred.resolve(result);
        } catch (CancellationException e) {
            end(State.CANCELLED);
            history.add(this, null, null);
            deferred.fail(e);
        } catch (Throwable e) {
            logger.error("{} failed: {}", id, description, e);
            end(State.FAILED);
            history.add(this, null, e);
            deferred.fail(e);
        } finally {
            thread.setName(threadName);
        }
    }

    private synchronized void end(State last) {
        state = last;
        task = null;
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
    }

    @Override
    public void checkCancelled() {
        if (cancelled) {
            throw new CancellationException("Job " + id + " was cancelled");
        }
    }

    @Override
    public synchronized void warn(String message) {
        if (warnings.add(message)) {
            logger.warn("{}: {}", id, message);
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
        try {
            return promise().getValue();
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
        boolean queued;
        synchronized (this) {
            cancelled = true;
            queued = state == State.QUEUED;
            if (queued) {
                end(State.CANCELLED);
            }
        }
        if (queued) {
            history.add(this, null, null);
            deferred.fail(new CancellationException("Job " + id + " was cancelled"));
        }
    }

    @Override
    public String toString() {
        return id + " (" + description + ")";
    }
}
