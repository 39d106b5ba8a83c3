// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.console.Console;
import org.junit.jupiter.api.Test;

/** No job is lost because somebody leaves without a thought. */
class ExitTest {

    private final FakeServices fake = new FakeServices();
    private final Recorder recorder = new Recorder();

    private void exit(String... arguments) throws CommandFailure {
        new CommandRunner(fake.services())
                .run(
                        "exit",
                        List.of(arguments),
                        recorder.console(Look.PLAIN, Path.of("/"), Console.Mode.SHELL));
    }

    @Test
    void leavesWithoutAQuestionWhereNothingRuns() throws Exception {
        fake.jobs.add(FakeJob.done("j1", "x"));

        exit();

        assertTrue(recorder.left);
        assertEquals(List.of(), recorder.questions);
    }

    @Test
    void asksBeforeItCancels() throws Exception {
        fake.jobs.add(new FakeJob<>("j7"));

        exit();

        assertFalse(recorder.left);
        assertEquals(
                List.of("j7 (fake work j7) is still running. Cancel and leave?"),
                recorder.questions);

        recorder.answer = true;
        exit();

        assertTrue(recorder.left);
    }

    @Test
    void asksAboutCommandsThatAreNoJobsYet() throws Exception {
        recorder.background.add("train --save x");

        exit();

        assertFalse(recorder.left);
        assertEquals(
                List.of("train --save x is still running. Cancel and leave?"), recorder.questions);
    }

    @Test
    void waitsIfAskedTo() throws Exception {
        FakeJob<String> job = new FakeJob<>("j7");
        fake.jobs.add(job);
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                .execute(() -> job.resolve("done"));

        exit("--wait");

        assertTrue(job.promise().isDone() && recorder.left);
    }

    @Test
    void interruptedWaitingStays() {
        fake.jobs.add(new FakeJob<>("j7"));
        recorder.cancellation.request();

        assertThrows(CommandFailure.class, () -> exit("--wait"));
        assertFalse(recorder.left);
    }
}
