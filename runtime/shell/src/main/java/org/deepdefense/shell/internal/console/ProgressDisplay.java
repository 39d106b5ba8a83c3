// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deepdefense.job.Job;
import org.deepdefense.report.text.Look;

/**
 * Shows the progress of a job: on a terminal one line that is drawn again and again, elsewhere a
 * line for each phase that is not over at once, and one every few seconds while there is progress.
 */
final class ProgressDisplay {

    private static final long NEW_PHASE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long SAME_PHASE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean redraws;
    private final ProgressBar bar;
    private final LongSupplier nanoTime;
    private String phase = "";
    private long phaseStart;
    private Job.Status printed = new Job.Status("", 0, 0, "", Optional.empty());
    private long printedAt;
    private String shown = "";

    ProgressDisplay(PrintStream out, Look look, LongSupplier nanoTime) {
        this.out = out;
        this.redraws = look.redraws();
        this.bar = new ProgressBar(look);
        this.nanoTime = nanoTime;
        this.phaseStart = nanoTime.getAsLong();
        this.printedAt = phaseStart - NEW_PHASE_NANOS;
    }

    void show(Job.Status status) {
        long now = nanoTime.getAsLong();
        if (!status.phase().equals(phase)) {
            phase = status.phase();
            phaseStart = now;
        }
        if (phase.isEmpty()) {
            return;
        }
        String line = bar.line(status, Duration.ofNanos(now - phaseStart));
        if (line.equals(shown)) {
            return;
        }
        if (redraws) {
            out.print(ERASE_LINE + line);
            out.flush();
        } else if (isDue(status, now)) {
            printedAt = now;
            printed = status;
            out.println(line);
        } else {
            return;
        }
        shown = line;
    }

    private boolean isDue(Job.Status status, long now) {
        return status.phase().equals(printed.phase())
                ? now - printedAt >= SAME_PHASE_NANOS && status.done() != printed.done()
                : now - printedAt >= NEW_PHASE_NANOS;
    }

    /** Leaves the terminal as it was. */
    void clear() {
        if (redraws && !shown.isEmpty()) {
            out.print(ERASE_LINE);
            out.flush();
        }
        shown = "";
    }
}
