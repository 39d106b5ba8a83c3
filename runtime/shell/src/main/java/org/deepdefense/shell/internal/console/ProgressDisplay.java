package org.deepdefense.shell.internal.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.deepdefense.job.Job;

/**
 * Shows the progress of a job: on a terminal one line that is drawn again and again, elsewhere a
 * line at the start of each phase and every few seconds.
 */
final class ProgressDisplay {

    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean redraws;
    private final ProgressBar bar;
    private final LongSupplier nanoTime;
    private String phase = "";
    private long phaseStart;
    private long lastLine;
    private String shown = "";

    ProgressDisplay(PrintStream out, Look look, LongSupplier nanoTime) {
        this.out = out;
        this.redraws = look.redraws();
        this.bar = new ProgressBar(look);
        this.nanoTime = nanoTime;
        this.phaseStart = nanoTime.getAsLong();
    }

    void show(Job.Status status) {
        long now = nanoTime.getAsLong();
        boolean newPhase = !status.phase().equals(phase);
        if (newPhase) {
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
        } else if (newPhase || now - lastLine >= LINE_NANOS) {
            lastLine = now;
            out.println(line);
        } else {
            return;
        }
        shown = line;
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
