// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.deepdefense.engine.internal.job.JobControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ParallelTest {

    private static final int COUNT = 50;

    private volatile boolean cancelled;

    private final JobControl control =
            new JobControl() {
                @Override
                public void update(String phase, long done, long total, String detail) {}

                @Override
                public void checkCancelled() {
                    if (cancelled) {
                        throw new CancellationException();
                    }
                }

                @Override
                public void warn(String message) {}

                @Override
                public List<String> warnings() {
                    return List.of();
                }
            };

    @Test
    void everyPieceIsDoneOnceByAllThreads() throws Exception {
        AtomicIntegerArray done = new AtomicIntegerArray(COUNT);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CyclicBarrier allAtOnce = new CyclicBarrier(3);
        new Parallel(3, control::checkCancelled)
                .forEach(
                        COUNT,
                        (index, check) -> {
                            if (threads.add(Thread.currentThread())) {
                                meet(allAtOnce);
                            }
                            done.incrementAndGet(index);
                        });
        assertEquals(3, threads.size());
        assertTrue(threads.contains(Thread.currentThread()));
        for (int i = 0; i < COUNT; i++) {
            assertEquals(1, done.get(i));
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureEndsTheOthersAndIsTheOneThatIsThrown() {
        IllegalStateException failure = new IllegalStateException("piece 0");
        CyclicBarrier bothBegun = new CyclicBarrier(2);
        Exception thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                new Parallel(2, control::checkCancelled)
                                        .forEach(
                                                2,
                                                (index, check) -> {
                                                    meet(bothBegun);
                                                    if (index == 0) {
                                                        throw failure;
                                                    }
                                                    while (true) {
                                                        check.run();
                                                    }
                                                }));
        assertSame(failure, thrown);
    }

    @Test
    void cancellationEndsAllThreads() {
        CyclicBarrier bothBegun = new CyclicBarrier(2);
        assertThrows(
                CancellationException.class,
                () ->
                        new Parallel(2, control::checkCancelled)
                                .forEach(
                                        2,
                                        (index, check) -> {
                                            meet(bothBegun);
                                            cancelled = true;
                                            while (true) {
                                                check.run();
                                            }
                                        }));
    }
}
