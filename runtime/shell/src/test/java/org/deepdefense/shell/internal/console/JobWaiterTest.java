// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.CommandFailure;
import org.deepdefense.shell.internal.FakeJob;
import org.deepdefense.shell.internal.Recorder;
import org.junit.jupiter.api.Test;

class JobWaiterTest {

    private final Recorder recorder = new Recorder();
    private final JobWaiter waiter =
            new JobWaiter(
                    recorder.console(
                            new Look(ColorDepth.NONE, true, 80, true),
                            Path.of("/"),
                            Console.Mode.SHELL));

    @Test
    void showsProgressAndWarningsUntilTheResultIsThere() throws Exception {
        FakeJob<String> job = new FakeJob<>("j1");
        CompletableFuture.delayedExecutor(400, TimeUnit.MILLISECONDS)
                .execute(() -> job.resolve("done"));

        assertEquals("done", waiter.await(job));
        assertTrue(recorder.err().contains("50 %"), recorder.err());
        assertEquals(1, recorder.err().split("warning:", -1).length - 1, recorder.err());
        assertTrue(recorder.err().endsWith("\r\u001b[K"), "the line is gone");
    }

    @Test
    void keyCancelsTheJob() {
        FakeJob<String> job = new FakeJob<>("j1");
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                .execute(recorder.cancellation::request);

        CommandFailure failure = assertThrows(CommandFailure.class, () -> waiter.await(job));

        assertEquals(CommandFailure.CANCELLED, failure.exitCode());
        assertEquals("cancelled: fake work j1 (job j1)", failure.toString());
    }

    @Test
    void interruptCancelsTheJob() {
        FakeJob<String> job = new FakeJob<>("j1");
        Thread.currentThread().interrupt();

        assertThrows(CommandFailure.class, () -> waiter.await(job));
        assertTrue(job.promise().isDone());
        assertFalse(Thread.interrupted());
    }

    @Test
    void keyEndsWatchingOnly() {
        FakeJob<String> job = new FakeJob<>("j1");
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                .execute(recorder.cancellation::request);

        assertFalse(waiter.watch(job));
        assertFalse(job.promise().isDone());
    }

    @Test
    void requestBeforeTheJobCounts() {
        recorder.cancellation.request();

        assertThrows(CommandFailure.class, () -> waiter.await(new FakeJob<>("j1")));
    }
}
