// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deepdefense.engine.internal.network.LoadedNetwork;
import org.deepdefense.training.TrainingRequest;

/**
 * Which weights a training saves: those of the last step, a mean over the last epochs, or an
 * exponential mean; and with validation those of the best epoch.
 */
final class SavedWeights {

    private static final String MEANS = "means/";
    private static final String BEST = "best/";
    private static final String SCORE = "best score";

    private final LoadedNetwork network;
    private final TrainingRequest request;
    private final Optional<WeightAverage> average;
    private final Map<String, NDArray> best = new LinkedHashMap<>();

    /** The robust accuracy, the accuracy and the number of the best epoch, if there is one. */
    private final double[] score = new double[3];

    SavedWeights(LoadedNetwork network, TrainingRequest request) {
        this.network = network;
        this.request = request;
        boolean averaged = request.averagedEpochs() > 0 || request.emaDecay().isPresent();
        this.average =
                averaged
                        ? Optional.of(
                                new WeightAverage(network.floatingWeights(), network.manager()))
                        : Optional.empty();
        if (request.validation() > 0) {
            best.putAll(Copies.of(network.weights(), network.manager()));
        }
    }

    /**
     * Takes the weights of a step in.
     *
     * @param number how many steps there were before it
     * @param stepsOfEpoch how many there are in an epoch
     */
    void afterStep(long number, int stepsOfEpoch) {
        average.ifPresent(
                mean -> {
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        add(mean, number, stepsOfEpoch);
                    }
                });
    }

    private void add(WeightAverage mean, long number, int stepsOfEpoch) {
        if (request.emaDecay().isPresent()) {
            // The first step is all that the mean knows of.
            mean.approach(number == 0 ? 1 : 1 - request.emaDecay().getAsDouble());
            return;
        }
        long first = (long) (request.epochs() - request.averagedEpochs()) * stepsOfEpoch;
        if (number >= first) {
            mean.add(number - first + 1);
        }
    }

    /** Tells whether weights are saved that are not those of a step. */
    boolean isMean() {
        return average.isPresent();
    }

    /** Gives the network the mean of its weights. */
    void takeMean() {
        Map<String, NDArray> arrays = network.weights();
        average.ifPresent(mean -> arrays.putAll(mean.means()));
        network.setWeights(arrays, "the average");
    }

    /**
     * Keeps the weights that the network has, if there were no better ones.
     *
     * @param achieved what the network achieves with them
     * @param epoch the epoch, from 1
     */
    void offer(Validation.Score achieved, int epoch) {
        if (score[2] == 0 || achieved.isBetterThan(new Validation.Score(score[0], score[1]))) {
            score[0] = achieved.robust();
            score[1] = achieved.clean();
            score[2] = epoch;
            Copies.overwrite(best, network.weights());
        }
    }

    /** Gives the network the weights of the best epoch, and returns which it is. */
    Optional<String> takeBest() {
        if (best.isEmpty()) {
            return Optional.empty();
        }
        network.setWeights(best, "the best epoch");
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "saved: epoch %d, robust accuracy %.4f, accuracy %.4f",
                        (int) score[2],
                        score[0],
                        score[1]));
    }

    /** Returns what has to be kept to go on later. */
    Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        average.ifPresent(
                mean -> mean.means().forEach((name, array) -> arrays.put(MEANS + name, array)));
        best.forEach((name, array) -> arrays.put(BEST + name, array));
        if (!best.isEmpty()) {
            arrays.put(SCORE, network.manager().create(score));
        }
        return arrays;
    }

    /** Goes on from what {@link #arrays} returned. */
    void restore(Map<String, NDArray> saved) {
        average.ifPresent(mean -> copy(saved, MEANS, mean.means()));
        copy(saved, BEST, best);
        if (!best.isEmpty()) {
            System.arraycopy(saved.get(SCORE).toDoubleArray(), 0, score, 0, score.length);
        }
    }

    private static void copy(
            Map<String, NDArray> saved, String prefix, Map<String, NDArray> targets) {
        targets.forEach(
                (name, target) -> LoadedNetwork.overwrite(target, saved.get(prefix + name)));
    }
}
