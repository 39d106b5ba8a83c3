// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class JobListenersTest {

    @TempDir Path home;
    private final JobListeners listeners = new JobListeners();
    private final Recorder recorder = new Recorder();
    private JobManager jobs;

    /** Writes down what it is told. */
    private static final class Recorder implements JobListener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void started(Job<?> job) {
            events.add("started " + job.id());
        }

        @Override
        public void progress(Job<?> job, Job.Status status) {
            events.add("progress " + status.phase() + " " + status.done() + "/" + status.total());
        }

        @Override
        public void warning(Job<?> job, String message) {
            events.add("warning " + message);
        }

        @Override
        public void ended(Job<?> job) {
            events.add("ended " + job.id() + " " + job.state() + " " + job.promise().isDone());
        }

        String next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void start() {
        listeners.addListener(recorder);
        jobs =
                new JobManager(
                        new Home(home),
                        listeners,
                        Annotations.instance(JobManager.Config.class, Map.of("concurrent", 1)));
    }

    @AfterEach
    void stop() {
        jobs.close();
        listeners.removeListener(recorder);
    }

    @Test
    void aJobIsToldFromItsBeginningToItsEnd() throws Exception {
        jobs.submit(
                        "eval",
                        "evaluate",
                        control -> {
                            control.update("images", 3, 10, "");
                            control.warn("odd");
                            control.warn("odd");
                            return "done";
                        })
                .await();
        for (String expected :
                List.of(
                        "started eval-1",
                        "progress images 3/10",
                        "warning odd",
                        "ended eval-1 DONE true")) {
            assertEquals(expected, recorder.next());
        }
    }

    @Test
    void jobsThatFailOrNeverRunEndToo() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        Job<String> running =
                jobs.submit(
                        "eval",
                        "fail",
                        control -> {
                            begun.countDown();
                            fail.await();
                            throw new IllegalStateException("wrong");
                        });
        begun.await();
        Job<String> waiting = jobs.submit("eval", "wait", control -> "never");
        waiting.cancel();
        assertThrows(CancellationException.class, waiting::await);
        assertEquals("started eval-1", recorder.next());
        assertEquals("ended eval-2 CANCELLED true", recorder.next());
        fail.countDown();
        assertThrows(IllegalStateException.class, running::await);
        assertEquals("ended eval-1 FAILED true", recorder.next());
    }

    @Test
    void progressComesTenTimesASecondAtMost() throws Exception {
        long begin = System.nanoTime();
        jobs.submit(
                        "eval",
                        "fast",
                        control -> {
                            for (int i = 0; i < 300; i++) {
                                control.update("images", i, 300, "");
                                Thread.sleep(1);
                            }
                            return "";
                        })
                .await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertEquals("started eval-1", recorder.next());
        long reports = 0;
        while (recorder.next().startsWith("progress images ")) {
            reports++;
        }
        assertTrue(reports >= 2 && reports <= 10 * seconds + 1, reports + " in " + seconds + " s");
    }

    @Test
    void oneThatThrowsIsDroppedAndNobodyElseNotices() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        JobListener faulty =
                new JobListener() {
                    @Override
                    public void started(Job<?> job) {
                        calls.incrementAndGet();
                        throw new NoClassDefFoundError("gone");
                    }

                    @Override
                    public void ended(Job<?> job) {
                        calls.incrementAndGet();
                    }
                };
        listeners.addListener(faulty);
        assertEquals("done", jobs.submit("eval", "evaluate", control -> "done").await());
        assertEquals("started eval-1", recorder.next());
        assertEquals("ended eval-1 DONE true", recorder.next());
        assertEquals("done", jobs.submit("eval", "evaluate", control -> "done").await());
        assertEquals("started eval-2", recorder.next());
        assertEquals("ended eval-2 DONE true", recorder.next());
        assertEquals(1, calls.get());
    }

    @Test
    void oneThatBlocksHoldsUpNobodyAndIsDroppedInTheEnd() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch dropped = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        JobListener blocking =
                new JobListener() {
                    @Override
                    public void ended(Job<?> job) {
                        stuck.countDown();
                        boolean interrupted = false;
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            interrupted = true;
                        }
                        assertTrue(interrupted);
                    }
                };
        listeners.addListener(blocking);
        assertEquals("done", jobs.submit("eval", "evaluate", control -> "done").await());
        stuck.await();
        assertEquals("started eval-1", recorder.next());
        assertEquals("ended eval-1 DONE true", recorder.next());
        assertEquals("done", jobs.submit("eval", "evaluate", control -> "done").await());
        assertEquals("started eval-2", recorder.next());
        listeners.removeListener(blocking);

        ListenerQueue[] queue = new ListenerQueue[1];
        CountDownLatch again = new CountDownLatch(1);
        queue[0] =
                new ListenerQueue(
                        new Recorder(),
                        () -> {
                            queue[0].close();
                            dropped.countDown();
                        },
                        Duration.ofMillis(50));
        queue[0].add(
                listener -> {
                    again.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        again.await();
        assertEquals(1, dropped.getCount());
        Thread.sleep(100);
        queue[0].add(listener -> {});
        assertTrue(dropped.await(10, TimeUnit.SECONDS));
    }
}
