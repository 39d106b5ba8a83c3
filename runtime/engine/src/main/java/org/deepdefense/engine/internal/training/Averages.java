// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.deepdefense.training.TrainingResult;

/** Sums up what the steps of an epoch report. */
final class Averages {

    private static final String LOSS = "loss";

    private final Map<String, Sum> sums = new LinkedHashMap<>();

    /**
     * A sum of numbers.
     *
     * @param total the sum
     * @param count how many numbers; one of a part of a batch counts as that part
     */
    record Sum(double total, double count) {

        private Sum plus(Sum other) {
            return new Sum(total + other.total, count + other.count);
        }

        private double mean() {
            return total / count;
        }
    }

    /**
     * Goes on from earlier sums.
     *
     * @param earlier what {@link #sums()} returned
     */
    Averages(Map<String, Sum> earlier) {
        sums.putAll(earlier);
    }

    void loss(double value) {
        add(LOSS, value, 1);
    }

    /**
     * Takes a number of a part of a batch.
     *
     * @param name what to call it
     * @param value the number
     * @param share how much of a batch it is of, from 0 to 1
     */
    synchronized void add(String name, double value, double share) {
        sums.merge(name, new Sum(value * share, share), Sum::plus);
    }

    Map<String, Sum> sums() {
        return new LinkedHashMap<>(sums);
    }

    TrainingResult.Epoch epoch(int number) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        sums.forEach((name, sum) -> metrics.put(name, sum.mean()));
        Double loss = metrics.remove(LOSS);
        return new TrainingResult.Epoch(number, loss == null ? 0 : loss, metrics);
    }

    /** Returns the averages as text, such as {@code loss 0.1234, rho 0.2000}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        sums.forEach(
                (name, sum) ->
                        text.append(text.isEmpty() ? "" : ", ")
                                .append(name)
                                .append(String.format(Locale.ROOT, " %.4f", sum.mean())));
        return text.toString();
    }
}
