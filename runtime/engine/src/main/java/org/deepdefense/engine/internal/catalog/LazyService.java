// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A service that is got when it is first needed. Getting it may run code of the plug-in, its
 * constructor and what it does on activation, which may take for ever: that is waited for up to a
 * limit, once.
 */
final class LazyService<S> {

    private final Supplier<S> source;
    private final Executor threads;
    private final Supplier<Duration> limit;
    private CompletableFuture<S> service;
    private long deadline;

    /**
     * Prepares to get a service.
     *
     * @param source gets it, or returns null if it cannot be had
     * @param threads runs the source
     * @param limit how long to wait for it
     */
    LazyService(Supplier<S> source, Executor threads, Supplier<Duration> limit) {
        this.source = source;
        this.threads = threads;
        this.limit = limit;
    }

    /** Holds a service that is there already. */
    static <S> LazyService<S> of(S service) {
        return new LazyService<>(() -> service, Runnable::run, () -> Duration.ZERO);
    }

    private synchronized CompletableFuture<S> begin() {
        if (service == null) {
            deadline = System.nanoTime() + limit.get().toNanos();
            service = CompletableFuture.supplyAsync(source, threads);
        }
        return service;
    }

    private synchronized long remaining() {
        return Math.max(0, deadline - System.nanoTime());
    }

    /**
     * Returns the service.
     *
     * @return the service, or null if it cannot be had
     * @throws TimeoutException if it is not there within the limit of the first call
     * @throws ExecutionException if getting it threw
     * @throws CancellationException if the thread is interrupted
     */
    S get() throws TimeoutException, ExecutionException {
        CompletableFuture<S> future = begin();
        try {
            return future.get(remaining(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a plug-in was being started");
        }
    }

    Duration limit() {
        return limit.get();
    }
}
