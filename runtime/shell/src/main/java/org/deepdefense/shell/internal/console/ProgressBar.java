// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deepdefense.job.Job;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.Times;

/** The line that shows how far a job is. */
public final class ProgressBar {

    private static final int BAR = 20;
    private static final int DEFAULT_WIDTH = 80;

    private final Look look;

    /**
     * Creates a bar.
     *
     * @param look where it is shown
     */
    public ProgressBar(Look look) {
        this.look = look;
    }

    /**
     * Returns the line.
     *
     * @param status how far the job is
     * @param elapsed for how long the phase has run
     * @return phase, percentage, rate, remaining time and detail; on a terminal also a bar, and all
     *     cut to the width
     */
    public String line(Job.Status status, Duration elapsed) {
        List<String> parts = new ArrayList<>();
        if (status.total() > 0) {
            double fraction = Math.min(1, Math.max(0, status.done() / (double) status.total()));
            if (look.redraws()) {
                parts.add(bar(fraction));
            }
            parts.add(String.format(Locale.ROOT, "%3.0f %%", Math.floor(fraction * 100)));
            parts.add(status.done() + "/" + status.total());
        } else if (status.done() > 0) {
            parts.add(Long.toString(status.done()));
        }
        double seconds = elapsed.toMillis() / 1000.0;
        if (status.done() > 0 && seconds >= 1) {
            parts.add(rate(status.done() / seconds));
        }
        status.eta()
                .filter(eta -> status.done() < status.total())
                .ifPresent(eta -> parts.add("ETA " + Times.duration(eta)));
        if (!status.detail().isEmpty()) {
            parts.add(look.text(status.detail()));
        }
        String line = (look.text(status.phase()) + " " + String.join("  ", parts)).strip();
        int width = (look.width() > 0 ? look.width() : DEFAULT_WIDTH) - 1;
        return look.redraws() && line.length() > width ? line.substring(0, width) : line;
    }

    private String bar(double fraction) {
        int full = (int) (fraction * BAR);
        return look.either("▕", "[")
                + look.either("█", "#").repeat(full)
                + look.either("░", ".").repeat(BAR - full)
                + look.either("▏", "]");
    }

    private static String rate(double perSecond) {
        return perSecond >= 1
                ? String.format(Locale.ROOT, perSecond < 10 ? "%.1f/s" : "%.0f/s", perSecond)
                : String.format(Locale.ROOT, "%.1f s each", 1 / perSecond);
    }
}
