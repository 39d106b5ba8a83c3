// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.catalog.Annotations;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.Job;
import org.deepdefense.job.JobRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class JobManagerTest {

    @TempDir Path home;
    private final JobListeners listeners = new JobListeners();
    private JobManager jobs;

    @BeforeEach
    void start() {
        jobs =
                new JobManager(
                        new Home(home),
                        listeners,
                        Annotations.instance(JobManager.Config.class, Map.of("concurrent", 1)));
    }

    @AfterEach
    void stop() {
        jobs.close();
    }

    /** Works until it is cancelled. */
    private static String forever(JobControl control, CountDownLatch begun)
            throws InterruptedException {
        begun.countDown();
        while (true) {
            control.checkCancelled();
            Thread.sleep(5);
        }
    }

    @Test
    void aJobHasAResultAndIsRemembered() throws Exception {
        Job<String> first = jobs.submit("eval", "evaluate", control -> "done");
        assertEquals("done", first.await());
        assertEquals("done", first.promise().getValue());
        Job<String> second = jobs.submit("eval", "evaluate again", control -> "more");
        Job<String> other = jobs.submit("train", "train", control -> "trained");
        assertEquals("trained", other.await());
        assertEquals(
                List.of("eval-1", "eval-2", "train-1"), jobs.list().stream().map(Job::id).toList());
        assertEquals("more", second.await());
        assertEquals("more", jobs.find("eval-2").orElseThrow().await());
        assertTrue(jobs.find("eval-3").isEmpty());
        assertEquals(Job.State.DONE, first.state());
    }

    @Test
    void endedJobsAreKeptForLaterProcesses() throws Exception {
        jobs.submit("eval", "evaluate", control -> "done").await();
        assertThrows(
                DeepDefenseException.class,
                jobs.submit(
                                "train",
                                "train",
                                control -> {
                                    control.warn("odd");
                                    throw new DeepDefenseException("wrong", "mend it");
                                })
                        ::await);
        CountDownLatch begun = new CountDownLatch(1);
        Job<String> running = jobs.submit("eval", "endless", control -> forever(control, begun));
        begun.await();
        running.cancel();
        assertThrows(CancellationException.class, running::await);
        Path damaged = Files.writeString(home.resolve("jobs/0.json"), "{");
        Files.writeString(home.resolve("jobs/1.json"), "{}");

        jobs.close();
        start();
        assertEquals(List.of(), jobs.list());
        List<JobRecord> history = jobs.history();
        assertEquals(
                List.of("eval-1 DONE", "train-1 FAILED", "eval-2 CANCELLED"),
                history.stream().map(record -> record.id() + " " + record.state()).toList());
        assertEquals("wrong: mend it", history.get(1).error().orElseThrow());
        assertEquals(List.of("odd"), history.get(1).warnings());
        assertEquals("endless", history.get(2).description());
        assertFalse(history.get(2).ended().isBefore(history.get(2).started()));
        assertTrue(Files.exists(damaged));

        JobHistory two = new JobHistory(new Home(home), 2);
        two.add(running, null, null);
        assertEquals(List.of("eval-2", "eval-2"), two.list().stream().map(JobRecord::id).toList());
    }

    @Test
    void numbersGoOnInLaterProcesses() throws Exception {
        jobs.submit("eval", "evaluate", control -> "done").await();
        jobs.submit("train", "train", control -> "done").await();
        jobs.close();
        start();
        Job<String> second = jobs.submit("eval", "evaluate", control -> "done");
        assertEquals("eval-2", second.id());
        second.await();

        // Whoever clears the directory or damages the file gets no name of the history again.
        jobs.close();
        for (String damaged : List.of("", "eval=\\u12", "eval=-7\ntrain=99999999999", "\0\0")) {
            Files.writeString(home.resolve("jobs/numbers.properties"), damaged);
            assertEquals(3, numbers().next("eval"));
            assertEquals(2, numbers().next("train"));
        }
    }

    private JobNumbers numbers() {
        JobHistory history = new JobHistory(new Home(home), 10);
        return new JobNumbers(new Home(home), history::highest);
    }

    @Test
    void processesThatShareAHomeNeverUseANumberTwice() throws Exception {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JobNumbers own = numbers();
            Thread thread =
                    new Thread(() -> IntStream.range(0, 25).forEach(n -> seen.add(own.next("x"))));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(100, seen.size());
    }

    @Test
    void theLastJobsAreRememberedWithoutImages() throws Exception {
        for (int i = 0; i < 25; i++) {
            jobs.submit("eval", "evaluate", control -> "done").await();
        }
        CountDownLatch begun = new CountDownLatch(1);
        Job<String> running = jobs.submit("eval", "endless", control -> forever(control, begun));
        List<String> ids = jobs.list().stream().map(Job::id).toList();
        assertEquals(21, ids.size());
        assertEquals("eval-6", ids.get(0));
        assertEquals(running.id(), ids.get(20));
        assertEquals(25, jobs.history().size());
    }

    @SuppressWarnings("try") // the stay is there to be closed
    @Test
    void aJobThatDoesNotReactGivesItsPlaceToOthers() throws Exception {
        jobs.close();
        jobs =
                new JobManager(
                        new Home(home),
                        listeners,
                        Annotations.instance(JobManager.Config.class, Map.of("concurrent", 1)),
                        Duration.ofMillis(100));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Job<String> deaf =
                jobs.submit(
                        "eval",
                        "deaf",
                        control -> {
                            try (Occupations.Stay stay = Occupations.enter("attack \"deaf\"")) {
                                begun.countDown();
                                uninterruptibly(release);
                                return "late";
                            }
                        });
        begun.await();
        Job<String> waiting = jobs.submit("eval", "next", control -> "next");
        assertEquals(Job.State.QUEUED, waiting.state());
        deaf.cancel();
        assertThrows(CancellationException.class, deaf::await);
        assertEquals(Job.State.ABANDONED, deaf.state());
        assertEquals("next", waiting.await());
        Job.Status status = jobs.find(deaf.id()).orElseThrow().status();
        assertEquals("does not react to cancellation", status.phase());
        assertEquals("attack \"deaf\"", status.detail());
        assertEquals(
                List.of(
                        "Attack \"deaf\" does not react to cancellation; its thread is left to"
                                + " itself"),
                deaf.warnings());
        assertEquals(Job.State.ABANDONED, jobs.history().get(0).state());

        // What comes of it in the end changes nothing, and its place is not given twice.
        release.countDown();
        CountDownLatch two = new CountDownLatch(2);
        Job<String> third = jobs.submit("eval", "third", control -> forever(control, two));
        jobs.submit("eval", "fourth", control -> forever(control, two));
        assertFalse(two.await(200, TimeUnit.MILLISECONDS));
        third.cancel();
        assertTrue(two.await(10, TimeUnit.SECONDS));
        assertEquals(Job.State.ABANDONED, deaf.state());
    }

    private static void uninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // That is the point of it.
            }
        }
    }

    @Test
    void aJobEndsWhereItsRecordCannotBeKept() throws Exception {
        Files.writeString(home.resolve("jobs"), "in the way");
        assertEquals("done", jobs.submit("eval", "evaluate", control -> "done").await());
        assertThrows(DeepDefenseException.class, () -> throwing().await());
    }

    private Job<String> throwing() {
        return jobs.submit(
                "eval",
                "fail",
                control -> {
                    throw new DeepDefenseException("wrong", "mend it");
                });
    }

    @Test
    void errorsForTheUserComeAsTheyAreAndOthersWithTheirCause() {
        DeepDefenseException known = new DeepDefenseException("wrong", "mend it");
        Job<String> failed =
                jobs.submit(
                        "eval",
                        "fail",
                        control -> {
                            throw known;
                        });
        assertSame(known, assertThrows(DeepDefenseException.class, failed::await));
        assertEquals(Job.State.FAILED, failed.state());
        IllegalArgumentException defect = new IllegalArgumentException("defect");
        Job<String> broken =
                jobs.submit(
                        "eval",
                        "break",
                        control -> {
                            throw defect;
                        });
        assertSame(defect, assertThrows(IllegalStateException.class, broken::await).getCause());
    }

    @Test
    void aRunningAndAWaitingJobCanBeCancelled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Job<String> running = jobs.submit("eval", "run", control -> forever(control, begun));
        Job<String> waiting = jobs.submit("eval", "wait", control -> "never");
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        assertEquals(Job.State.RUNNING, running.state());
        assertEquals(Job.State.QUEUED, waiting.state());
        waiting.cancel();
        assertThrows(CancellationException.class, waiting::await);
        assertEquals(Job.State.CANCELLED, waiting.state());
        running.cancel();
        assertThrows(CancellationException.class, running::await);
        assertEquals(Job.State.CANCELLED, running.state());
        assertEquals("next", jobs.submit("eval", "next", control -> "next").await());
        waiting.cancel();
        assertEquals(Job.State.CANCELLED, waiting.state());
    }

    @Test
    void moreJobsMayRunAtOnceWithoutARestart() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        Job<String> first = jobs.submit("eval", "run", control -> forever(control, begun));
        Job<String> second = jobs.submit("eval", "run too", control -> forever(control, begun));
        assertFalse(begun.await(100, TimeUnit.MILLISECONDS));
        jobs.modified(Annotations.instance(JobManager.Config.class, Map.of("concurrent", 2)));
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        assertEquals(Job.State.RUNNING, first.state());
        assertEquals(Job.State.RUNNING, second.state());
    }

    @Test
    void equalWarningsAreKeptOnce() throws Exception {
        Job<List<String>> job =
                jobs.submit(
                        "eval",
                        "warn",
                        control -> {
                            control.warn("odd");
                            control.warn("strange");
                            control.warn("odd");
                            return control.warnings();
                        });
        assertEquals(List.of("odd", "strange"), job.await());
        assertEquals(List.of("odd", "strange"), job.warnings());
    }

    @Test
    void theRemainingTimeFollowsFromTheSpeedOfThePhase() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Job<String> job =
                jobs.submit(
                        "eval",
                        "work",
                        control -> {
                            // 900 units come from a checkpoint and took no time.
                            control.update("images", 900, 1000, "");
                            Thread.sleep(200);
                            control.update("images", 910, 1000, "accuracy 1");
                            reported.countDown();
                            seen.await();
                            return "";
                        });
        assertTrue(reported.await(10, TimeUnit.SECONDS));
        Job.Status status = job.status();
        seen.countDown();
        job.await();
        assertEquals("images", status.phase());
        assertEquals("accuracy 1", status.detail());
        Duration eta = status.eta().orElseThrow();
        assertTrue(eta.toMillis() >= 1800 && eta.toMillis() < 10_000, eta.toString());
        assertTrue(job.status().eta().isEmpty());
    }

    @Test
    void deactivationEndsAllJobs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Job<String> running = jobs.submit("eval", "run", control -> forever(control, begun));
        Job<String> waiting = jobs.submit("eval", "wait", control -> "never");
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        jobs.close();
        assertEquals(Job.State.CANCELLED, running.state());
        assertEquals(Job.State.CANCELLED, waiting.state());
        assertFalse(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("deepdefense-eval-1")));
    }
}
