// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * A length of time as the clock on the wall saw it, and as this thread had the processor. The
 * second stays meaningful while other work competes for the processors.
 *
 * @param wall nanoseconds
 * @param cpu nanoseconds
 */
record Elapsed(long wall, long cpu) {

    static final Elapsed NOTHING = new Elapsed(0, 0);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Returns the time since some moment; only differences mean anything. */
    static Elapsed now() {
        return new Elapsed(System.nanoTime(), THREADS.getCurrentThreadCpuTime());
    }

    static Elapsed since(Elapsed start) {
        return now().minus(start);
    }

    Elapsed plus(Elapsed other) {
        return new Elapsed(wall + other.wall, cpu + other.cpu);
    }

    Elapsed minus(Elapsed other) {
        return new Elapsed(wall - other.wall, cpu - other.cpu);
    }
}
