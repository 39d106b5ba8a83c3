// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.deepdefense.job.JobListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits to be told to one listener, and the thread that tells it. */
final class ListenerQueue {

    /** How long a listener may take for an event before it counts as stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How much may wait, and how much before what is of the moment is left out. */
    private static final int CAPACITY = 10_000;

    private static final int BUSY = 100;

    private static final Logger logger = LoggerFactory.getLogger(ListenerQueue.class);

    private final JobListener listener;
    private final Runnable drop;
    private final Duration patience;
    private final ThreadPoolExecutor executor;

    /** When the event that is being told was begun, or 0. */
    private volatile long begun;

    private volatile boolean closed;

    /**
     * Starts without anything to tell.
     *
     * @param listener is told
     * @param drop lets the listener go
     */
    ListenerQueue(JobListener listener, Runnable drop) {
        this(listener, drop, PATIENCE);
    }

    ListenerQueue(JobListener listener, Runnable drop, Duration patience) {
        this.listener = listener;
        this.drop = drop;
        this.patience = patience;
        executor =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, "deepdefense-listener");
                            thread.setDaemon(true);
                            return thread;
                        },
                        new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
    }

    boolean isOf(JobListener other) {
        return listener == other;
    }

    /** Tells the listener, in its turn. */
    void add(Consumer<JobListener> event) {
        long since = begun;
        if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
            drop("is stuck in an event", null);
        } else if (executor.getQueue().size() >= CAPACITY) {
            drop("lags behind", null);
        } else {
            executor.execute(() -> tell(event));
        }
    }

    /** Tells the listener unless much is waiting for it. */
    void offer(Consumer<JobListener> event) {
        if (executor.getQueue().size() < BUSY) {
            add(event);
        }
    }

    /** A listener is foreign code, and whatever it throws is its own concern. */
    private void tell(Consumer<JobListener> event) {
        if (closed) {
            return;
        }
        begun = System.nanoTime() | 1;
        try {
            event.accept(listener);
        } catch (Throwable e) {
            drop("has thrown an error", e);
        } finally {
            begun = 0;
        }
    }

    private void drop(String reason, Throwable cause) {
        if (!closed) {
            logger.warn(
                    "The job listener {} {} and is told nothing more; mend it, or remove its"
                            + " bundle",
                    listener.getClass().getName(),
                    reason,
                    cause);
            drop.run();
        }
    }

    /** Tells nothing more. */
    void close() {
        closed = true;
        executor.shutdownNow();
    }
}
