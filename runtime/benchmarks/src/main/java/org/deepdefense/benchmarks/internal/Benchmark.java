// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.io.PrintWriter;

/** Something that is measured. */
@FunctionalInterface
interface Benchmark {

    /**
     * Measures, and prints the numbers with what they depend on.
     *
     * @param bench the engine, data and networks
     * @param out where to print
     * @throws InterruptedException if the thread is interrupted
     */
    void run(Workbench bench, PrintWriter out) throws InterruptedException;
}
