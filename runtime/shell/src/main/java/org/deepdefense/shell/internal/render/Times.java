// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as people read them. */
final class Times {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private Times() {}

    /** In the time zone of this computer, to the second. */
    static String local(Instant time) {
        return LOCAL.format(time);
    }
}
