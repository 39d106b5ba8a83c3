// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.launcher.internal;

import java.util.Arrays;

/**
 * An end of the process that was asked for by a plug-in, with an exit code of its choice. Nothing
 * can keep it from that, but no script may take it for success.
 */
final class ForeignExit {

    /** What becomes of such a process: the code of an internal error. */
    static final int CODE = 70;

    private ForeignExit() {}

    /** Tells whether a thread other than the launcher's is in {@link Runtime#exit}. */
    static boolean isUnderWay() {
        return Thread.getAllStackTraces().values().stream().anyMatch(ForeignExit::isForeign);
    }

    private static boolean isForeign(StackTraceElement... trace) {
        return Arrays.stream(trace)
                        .anyMatch(
                                frame ->
                                        frame.getClassName().equals(Runtime.class.getName())
                                                && frame.getMethodName().equals("exit"))
                && Arrays.stream(trace)
                        .noneMatch(frame -> frame.getClassName().equals(Main.class.getName()));
    }
}
