// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Looks at what errors say. */
public final class Messages {

    private Messages() {}

    /**
     * Makes sure that a message is one line and has all parts.
     *
     * @param failure has the message
     * @param parts what it must say, in any order
     */
    public static void assertMessage(Throwable failure, String... parts) {
        for (String part : parts) {
            assertTrue(
                    failure.getMessage().contains(part),
                    () -> "\"" + part + "\" in: " + failure.getMessage());
        }
        assertFalse(failure.getMessage().contains("\n"));
    }
}
