// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.deepdefense.job.Job;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.Times;
import org.deepdefense.shell.internal.Recorder;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

    private static final Look UNICODE = new Look(ColorDepth.NONE, true, 100, true);

    private static Job.Status status(long done, long total, String detail) {
        return new Job.Status(
                "epoch 2/5", done, total, detail, Optional.of(Duration.ofSeconds(187)));
    }

    @Test
    void showsAllThereIs() {
        assertEquals(
                "epoch 2/5 ▕█████░░░░░░░░░░░░░░░▏   25 %  150/600  15/s  ETA 3:07 min  loss 0.12",
                new ProgressBar(UNICODE)
                        .line(status(150, 600, "loss 0.12"), Duration.ofSeconds(10)));
    }

    @Test
    void isAsciiWhereItMustBe() {
        Look ascii = new Look(ColorDepth.NONE, false, 100, true);

        assertEquals(
                "epoch 2/5 [##########..........]   50 %  1/2  10.0 s each  ETA 3:07 min  rho2 1",
                new ProgressBar(ascii).line(status(1, 2, "ρ₂ 1"), Duration.ofSeconds(10)));
    }

    @Test
    void hasNoBarWhereLinesStay() {
        assertEquals(
                "epoch 2/5  50 %  1/2  ETA 3:07 min",
                new ProgressBar(Look.PLAIN).line(status(1, 2, ""), Duration.ZERO));
    }

    @Test
    void countsWhereTheTotalIsUnknown() {
        assertEquals(
                "epoch 2/5 42", new ProgressBar(UNICODE).line(status(42, 0, ""), Duration.ZERO));
        assertEquals("epoch 2/5", new ProgressBar(UNICODE).line(status(0, 0, ""), Duration.ZERO));
    }

    @Test
    void neverWrapsOnATerminal() {
        Look narrow = new Look(ColorDepth.NONE, true, 30, true);

        assertEquals(
                29,
                new ProgressBar(narrow)
                        .line(status(150, 600, "loss"), Duration.ofSeconds(10))
                        .length());
    }

    @Test
    void staysWithinHundredPercent() {
        assertTrue(
                new ProgressBar(UNICODE)
                        .line(status(700, 600, ""), Duration.ofSeconds(1))
                        .contains("100 %"));
    }

    @Test
    void durations() {
        assertEquals("0 s", Times.duration(Duration.ofMillis(-5)));
        assertEquals("59 s", Times.duration(Duration.ofSeconds(59)));
        assertEquals("1:00 min", Times.duration(Duration.ofMillis(59_600)));
        assertEquals("1:02:03 h", Times.duration(Duration.ofSeconds(3723)));
    }

    @Test
    void terminalIsRedrawnAndCleared() {
        Recorder recorder = new Recorder();
        AtomicLong time = new AtomicLong();
        ProgressDisplay display = new ProgressDisplay(recorder.errStream(), UNICODE, time::get);

        display.show(status(1, 2, ""));
        display.show(status(1, 2, ""));
        display.show(status(2, 2, ""));
        display.clear();

        assertEquals(3, recorder.err().split("\r", -1).length - 1);
        assertTrue(recorder.err().endsWith("\r\u001b[K"));
        assertFalse(recorder.err().contains("\n"));
    }

    @Test
    void filesGetALineAPhaseAndEveryFiveSeconds() {
        Recorder recorder = new Recorder();
        AtomicLong time = new AtomicLong();
        ProgressDisplay display = new ProgressDisplay(recorder.errStream(), Look.PLAIN, time::get);

        display.show(status(1, 9, ""));
        time.addAndGet(Duration.ofSeconds(4).toNanos());
        display.show(status(2, 9, ""));
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        display.show(status(3, 9, ""));
        time.addAndGet(Duration.ofSeconds(9).toNanos());
        display.show(status(3, 9, ""));
        display.show(status(4, 9, ""));
        display.show(new Job.Status("over at once", 0, 9, "", Optional.empty()));
        display.show(new Job.Status("epoch 3/5", 0, 9, "", Optional.empty()));
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        display.show(new Job.Status("epoch 3/5", 5, 9, "", Optional.empty()));
        display.clear();

        assertEquals(
                List.of("1/9", "3/9", "4/9", "5/9"),
                recorder.err()
                        .lines()
                        .map(l -> l.replaceFirst(".* %  (\\d/\\d).*", "$1"))
                        .toList());
        assertFalse(recorder.err().contains("\r"));
    }
}
