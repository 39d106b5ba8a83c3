// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.benchmarks.internal;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Adds up the time of the parts of a computation. May be used by several threads at once. */
final class Meter {

    private final Map<Part, Elapsed> sums = new EnumMap<>(Part.class);

    /** What time is spent on. */
    enum Part {
        FORWARD("forward passes without a graph"),
        RECORDED("forward passes to differentiate"),
        PRODUCTS("first-order products"),
        GRAPH_PRODUCT("products with a graph"),
        BACKWARD("backward pass and update"),
        REST("everything else");

        private final String label;

        Part(String label) {
            this.label = label;
        }
    }

    <T> T time(Part part, Supplier<T> work) {
        Elapsed start = Elapsed.now();
        T result = work.get();
        add(part, Elapsed.since(start));
        return result;
    }

    synchronized void add(Part part, Elapsed time) {
        sums.merge(part, time, Elapsed::plus);
    }

    synchronized Elapsed get(Part part) {
        return sums.getOrDefault(part, Elapsed.NOTHING);
    }

    /** Returns the share of a part in the processor time of all. */
    synchronized double share(Part part) {
        return get(part).cpu() / (double) total();
    }

    private long total() {
        return sums.values().stream().mapToLong(Elapsed::cpu).sum();
    }

    synchronized void reset() {
        sums.clear();
    }

    /** Adds what is missing from a total to {@link Part#REST}. */
    synchronized void complete(Elapsed total) {
        add(Part.REST, total.minus(sums.values().stream().reduce(Elapsed.NOTHING, Elapsed::plus)));
    }

    /** Returns the shares of processor time, such as {@code 20 % products with a graph, 80 % …}. */
    synchronized String shares() {
        double total = total();
        return sums.entrySet().stream()
                .map(
                        entry ->
                                String.format(
                                        Locale.ROOT,
                                        "%.0f %% %s",
                                        100 * entry.getValue().cpu() / total,
                                        entry.getKey().label))
                .collect(Collectors.joining(", "));
    }
}
