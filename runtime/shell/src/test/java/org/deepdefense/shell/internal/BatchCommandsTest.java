// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.junit.jupiter.api.Test;

/** Commands of scripts: exit codes, streams, and the end of the process. */
class BatchCommandsTest {

    private final FakeServices fake = new FakeServices();
    private final Recorder recorder = new Recorder();
    private final BatchCommands batch =
            new BatchCommands(
                    fake.services(),
                    new ByteArrayInputStream(new byte[0]),
                    recorder.outStream(),
                    recorder.errStream(),
                    Look.PLAIN);

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

    private int script(String... lines) {
        Look colorful = new Look(ColorDepth.FULL, true, 80, true);
        return new BatchCommands(
                        fake.services(),
                        new ByteArrayInputStream(
                                String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
                        recorder.outStream(),
                        recorder.errStream(),
                        colorful)
                .applyAsInt(new String[] {"-"});
    }

    @Test
    void scriptsRunOneCommandALineWithoutColours() {
        assertEquals(
                0,
                script(
                        "# networks",
                        "",
                        "  evaluate 'lenet-ref' --seed \"1\"   # the first",
                        "version"));

        assertEquals(1, fake.requests.size());
        assertTrue(recorder.out().startsWith("lenet-ref on 10,000 images"), recorder.out());
        assertTrue(recorder.out().contains("\nDeep Defense 1.2.3"), recorder.out());
        assertFalse((recorder.out() + recorder.err()).contains("\u001b"), recorder.out());
    }

    @Test
    void scriptsEndWithTheFirstFailure() {
        assertEquals(1, script("version", "evaluate nothing", "evaluate lenet-ref"));

        assertEquals(List.of(), fake.requests);
        assertTrue(recorder.err().startsWith("error: There is no network nothing"));
        assertTrue(recorder.err().endsWith(" (line 2)\n"), recorder.err());
        assertEquals(2, script("evaluate 'lenet-ref"));
        assertTrue(recorder.err().contains("the quote ' is not closed"), recorder.err());
    }

    @Test
    void exitEndsAScript() {
        assertEquals(0, script("exit", "nonsense"));
        assertEquals("", recorder.err());
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
