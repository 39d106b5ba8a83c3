// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Statistics of repeated measurements. */
final class Samples {

    private Samples() {}

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the median of times in milliseconds. */
    static double milliseconds(List<Elapsed> times, ToLongFunction<Elapsed> clock) {
        return median(times.stream().mapToDouble(time -> clock.applyAsLong(time) / 1e6).toArray());
    }

    /**
     * Returns the median of the ratios of neighbours, which ran under the same load.
     *
     * @param times the times of B
     * @param units the times of A, each measured just before that of B
     * @param clock which time
     */
    static double ratio(List<Elapsed> times, List<Elapsed> units, ToLongFunction<Elapsed> clock) {
        return median(
                IntStream.range(0, times.size())
                        .mapToDouble(
                                i ->
                                        (double) clock.applyAsLong(times.get(i))
                                                / clock.applyAsLong(units.get(i)))
                        .toArray());
    }
}
