// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Job;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/** A job that ends when a test wants it to. */
public final class FakeJob<T> implements Job<T> {

    private final Deferred<T> deferred = new Deferred<>();
    private final String id;
    private volatile State state = State.RUNNING;
    private volatile Status status =
            new Status("epoch 1/2", 30, 60, "loss 0.5", Optional.of(Duration.ofSeconds(3)));

    public FakeJob(String id) {
        this.id = id;
    }

    public static <T> FakeJob<T> done(String id, T value) {
        FakeJob<T> job = new FakeJob<>(id);
        job.resolve(value);
        return job;
    }

    public void resolve(T value) {
        state = State.DONE;
        deferred.resolve(value);
    }

    public void fail(Throwable cause) {
        state = State.FAILED;
        deferred.fail(cause);
    }

    public void status(Status value) {
        status = value;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "fake work " + id;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Instant started() {
        return Instant.EPOCH;
    }

    @Override
    public Status status() {
        return status;
    }

    @Override
    public List<String> warnings() {
        return List.of("gradients are zero");
    }

    @Override
    public Promise<T> promise() {
        return deferred.getPromise();
    }

    @Override
    public T await() throws InterruptedException {
        try {
            return deferred.getPromise().getValue();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof DeepDefenseException problem) {
                throw problem;
            }
            if (e.getCause() instanceof CancellationException cancelled) {
                throw cancelled;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public synchronized void cancel() {
        if (state == State.RUNNING) {
            state = State.CANCELLED;
            deferred.fail(new CancellationException());
        }
    }
}
