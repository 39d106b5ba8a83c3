package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.deepdefense.shell.internal.console.ColorDepth;
import org.deepdefense.shell.internal.console.Look;
import org.junit.jupiter.api.Test;

/** Commands of scripts: exit codes, streams, and the end of the process. */
class BatchCommandsTest {

    private final FakeServices fake = new FakeServices();
    private final Recorder recorder = new Recorder();
    private final BatchCommands batch =
            new BatchCommands(
                    fake.services(), recorder.outStream(), recorder.errStream(), Look.PLAIN);

    private int run(String... words) {
        return batch.applyAsInt(words);
    }

    @Test
    void successIsZeroAndPlain() {
        assertEquals(0, run("evaluate", "lenet-ref"));

        assertTrue(recorder.out().contains("99.02 %"));
        assertFalse(recorder.out().contains("\u001b") || recorder.out().contains("\r"));
        assertEquals("warning: gradients are zero\n", recorder.err());
    }

    @Test
    void failureIsOneAndSaysWhyOnTheErrorStream() {
        assertEquals(1, run("evaluate", "nothing"));

        assertTrue(recorder.err().startsWith("error: There is no network nothing"));
        assertEquals("", recorder.out());
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, run("evaluate", "--nonsense"));
        assertEquals(2, run("nonsense"));
        assertEquals(2, run());
    }

    @Test
    void helpAndVersionMayBeOptions() {
        assertEquals(0, run("--help"));
        assertTrue(recorder.out().startsWith("Usage: deepdefense [--home DIR] COMMAND"));
        assertEquals(0, run("--version"));
        assertTrue(recorder.out().contains("Deep Defense 1.2.3"));
    }

    @Test
    void endOfTheProcessCancelsTheJob() throws Exception {
        FakeJob<Object> job = new FakeJob<>("j1");
        fake.next = Optional.of(job);
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> run("defend", "lenet-ref", "--save", "x"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> {
                    while (fake.requests.isEmpty()) {
                        Thread.sleep(5);
                    }
                });

        batch.stop();

        assertEquals(130, exit.get(5, TimeUnit.SECONDS));
        assertTrue(job.promise().isDone());
        assertTrue(recorder.err().contains("nothing is lost"), recorder.err());
    }

    @Test
    void stopOfAnIdleComponentIsImmediate() {
        assertTimeoutPreemptively(Duration.ofSeconds(1), batch::stop);
    }

    @Test
    void looksPlainWhereThereIsNoTerminal() {
        assertEquals(
                new Look(ColorDepth.NONE, true, 0, false),
                BatchCommands.look(Map.of("TERM", "xterm"), false, StandardCharsets.UTF_8));
    }

    @Test
    void looksAsTheTerminalCan() {
        assertEquals(
                new Look(ColorDepth.INDEXED, false, 120, true),
                BatchCommands.look(
                        Map.of("TERM", "xterm-256color", "COLUMNS", "120"),
                        true,
                        StandardCharsets.US_ASCII));
        assertEquals(
                new Look(ColorDepth.NONE, true, 80, false),
                BatchCommands.look(Map.of("TERM", "dumb"), true, StandardCharsets.UTF_8));
    }
}
