// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them. */
public final class Times {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private Times() {}

    /**
     * Writes a point in time in the time zone of this computer, to the second.
     *
     * @param time a point in time
     * @return such as {@code 2026-01-02 03:04:05}
     */
    public static String local(Instant time) {
        return LOCAL.format(time);
    }

    /**
     * Writes a duration as people do.
     *
     * @param duration a duration
     * @return such as {@code 42 s}, {@code 3:07 min} or {@code 1:02:30 h}
     */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
        }
        return String.format(
                Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
