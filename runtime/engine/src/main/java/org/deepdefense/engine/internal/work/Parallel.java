// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Spreads independent pieces of work over threads. The thread that calls is one of them, so that
 * with a single thread everything happens in it.
 */
public final class Parallel {

    private final int threads;
    private final Runnable checkWanted;

    /**
     * Describes how to work.
     *
     * @param threads how many threads to use, at least 1
     * @param checkWanted throws {@link CancellationException} when the work is no longer wanted
     */
    public Parallel(int threads, Runnable checkWanted) {
        this.threads = threads;
        this.checkWanted = checkWanted;
    }

    /** One piece of the work. */
    @FunctionalInterface
    public interface Piece {

        /**
         * Does the piece.
         *
         * @param index its number, from 0
         * @param check throws {@link CancellationException} as soon as its result can no longer be
         *     of use: to be called often
         */
        void run(int index, Runnable check);
    }

    /**
     * Does all pieces, in no particular order.
     *
     * @param count how many pieces there are
     * @param piece does one of them
     * @throws CancellationException if the job was cancelled
     */
    public void forEach(int count, Piece piece) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable check =
                () -> {
                    checkWanted.run();
                    if (failure.get() != null) {
                        throw new CancellationException("another part of the work failed");
                    }
                };
        Runnable worker =
                () -> {
                    try {
                        for (int i = next.getAndIncrement();
                                i < count;
                                i = next.getAndIncrement()) {
                            check.run();
                            piece.run(i, check);
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                };
        List<Thread> helpers = new ArrayList<>();
        String name = Thread.currentThread().getName();
        for (int i = 1; i < Math.min(threads, count); i++) {
            Thread helper = new Thread(worker, name + "-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        worker.run();
        helpers.forEach(Parallel::join);
        rethrow(failure.get());
    }

    /** Waits even if interrupted: the helpers use what the caller is about to close. */
    private static void join(Thread helper) {
        boolean interrupted = false;
        while (true) {
            try {
                helper.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            // Thrown by code that did not declare it.
            throw new IllegalStateException(failure);
        }
    }
}
