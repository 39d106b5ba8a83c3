// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.training;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/**
 * A training: stochastic gradient descent with momentum and weight decay on the objective of a
 * defense. Created by {@link #builder}.
 *
 * @param network where to start from
 * @param dataset the images to train on
 * @param defense the objective
 * @param modifiers what changes the objective, the innermost first
 * @param attack the attack that the defense trains against, or its own choice
 * @param saveAs the name to save the network by
 * @param overwrite whether a saved network of that name may be replaced
 * @param epochs how often to go through the data set
 * @param batchSize how many images make a step
 * @param learningRate the learning rate, or the one that the defense recommends
 * @param decayEpochs the epochs, counted from 1, at whose start the learning rate is multiplied by
 *     the factor
 * @param decayFactor the factor
 * @param averagedEpochs over how many epochs, the last ones, the weights are averaged; 0 for the
 *     weights of the last step
 * @param emaDecay how much of their exponential mean is kept in a step; if given, the mean is what
 *     is saved
 * @param validation how many images of the data set are held out, never trained on; if any, the
 *     weights of the epoch are saved that withstand attacks on most of them
 * @param momentum momentum of the gradient
 * @param weightDecay how strongly weights, but not biases, are drawn to zero
 * @param scale pixels are multiplied by this before the mean image is subtracted, in a network that
 *     is trained from the beginning; one that is trained on keeps what it has
 * @param checkpointSteps a checkpoint is written after so many steps, and after each epoch
 * @param seed the seed of initial weights, order of images and attacks
 */
public record TrainingRequest(
        NetworkSource network,
        DatasetSpec dataset,
        PluginSpec defense,
        List<PluginSpec> modifiers,
        Optional<PluginSpec> attack,
        String saveAs,
        boolean overwrite,
        int epochs,
        int batchSize,
        OptionalDouble learningRate,
        List<Integer> decayEpochs,
        double decayFactor,
        int averagedEpochs,
        OptionalDouble emaDecay,
        int validation,
        double momentum,
        double weightDecay,
        double scale,
        int checkpointSteps,
        long seed) {

    /**
     * Checks the components.
     *
     * @param network where to start from
     * @param dataset the images to train on
     * @param defense the objective
     * @param modifiers what changes the objective, the innermost first
     * @param attack the attack that the defense trains against, or its own choice
     * @param saveAs the name to save the network by
     * @param overwrite whether a saved network of that name may be replaced
     * @param epochs how often to go through the data set
     * @param batchSize how many images make a step
     * @param learningRate the learning rate, or the one that the defense recommends
     * @param decayEpochs the epochs, counted from 1, at whose start the learning rate is multiplied
     *     by the factor
     * @param decayFactor the factor
     * @param averagedEpochs over how many epochs, the last ones, the weights are averaged; 0 for
     *     the weights of the last step
     * @param emaDecay how much of their exponential mean is kept in a step; if given, the mean is
     *     what is saved
     * @param validation how many images of the data set are held out, never trained on; if any, the
     *     weights of the epoch are saved that withstand attacks on most of them
     * @param momentum momentum of the gradient
     * @param weightDecay how strongly weights, but not biases, are drawn to zero
     * @param scale pixels are multiplied by this before the mean image is subtracted, in a network
     *     that is trained from the beginning; one that is trained on keeps what it has
     * @param checkpointSteps a checkpoint is written after so many steps, and after each epoch
     * @param seed the seed of initial weights, order of images and attacks
     * @throws org.deepdefense.DeepDefenseException if a component is out of its range
     */
    public TrainingRequest {
        Objects.requireNonNull(network);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(defense);
        Objects.requireNonNull(attack);
        Objects.requireNonNull(saveAs);
        Objects.requireNonNull(learningRate);
        decayEpochs = List.copyOf(decayEpochs);
        modifiers = List.copyOf(modifiers);
        TrainingChecks.steps(epochs, batchSize, checkpointSteps);
        TrainingChecks.rates(learningRate, decayEpochs, decayFactor, epochs);
        TrainingChecks.saved(averagedEpochs, epochs, emaDecay, validation);
        TrainingChecks.numbers(scale, momentum, weightDecay);
    }

    /**
     * Starts a request with the paper's defaults: 5 epochs, batches of 100, momentum 0.9, weight
     * decay 5e-4. When a trained network is trained on, the last of several epochs has half of the
     * learning rate, and its weights are averaged (which the paper does not do; without it, LeNet
     * is 0.1 % less accurate). When an untrained one is trained, the last third of the epochs has a
     * tenth of the learning rate.
     *
     * @param network where to start from
     * @param dataset the images to train on
     * @param defense the objective
     * @param saveAs the name to save the network by
     * @return the builder
     */
    public static Builder builder(
            NetworkSource network, DatasetSpec dataset, PluginSpec defense, String saveAs) {
        return new Builder(network, dataset, defense, saveAs);
    }

    /** Collects the options of a training. */
    public static final class Builder {

        private final NetworkSource network;
        private final DatasetSpec dataset;
        private final PluginSpec defense;
        private final String saveAs;
        private Optional<PluginSpec> attack = Optional.empty();
        private boolean overwrite;
        private int epochs = 5;
        private int batchSize = 100;
        private OptionalDouble learningRate = OptionalDouble.empty();
        private Optional<List<Integer>> decayEpochs = Optional.empty();
        private OptionalDouble decayFactor = OptionalDouble.empty();
        private OptionalInt averagedEpochs = OptionalInt.empty();
        private List<PluginSpec> modifiers = List.of();
        private OptionalDouble emaDecay = OptionalDouble.empty();
        private int validation;
        private double momentum = 0.9;
        private double weightDecay = 5e-4;
        private double scale = 1;
        private int checkpointSteps = 500;
        private long seed;

        private Builder(
                NetworkSource network, DatasetSpec dataset, PluginSpec defense, String saveAs) {
            this.network = network;
            this.dataset = dataset;
            this.defense = defense;
            this.saveAs = saveAs;
        }

        /**
         * Sets the attack to train against.
         *
         * @param value the attack
         * @return this builder
         */
        public Builder optAttack(PluginSpec value) {
            attack = Optional.of(value);
            return this;
        }

        /**
         * Sets whether a saved network of the same name may be replaced.
         *
         * @param value whether it may
         * @return this builder
         */
        public Builder optOverwrite(boolean value) {
            overwrite = value;
            return this;
        }

        /**
         * Sets how often to go through the data set.
         *
         * @param value the number of epochs, at least 1
         * @return this builder
         */
        public Builder optEpochs(int value) {
            epochs = value;
            return this;
        }

        /**
         * Sets how many images make a step.
         *
         * @param value the size of a batch, at least 1
         * @return this builder
         */
        public Builder optBatchSize(int value) {
            batchSize = value;
            return this;
        }

        /**
         * Sets the learning rate.
         *
         * @param value the learning rate, above 0
         * @return this builder
         */
        public Builder optLearningRate(double value) {
            learningRate = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets when the learning rate falls.
         *
         * @param epochsFromOne the epochs, counted from 1, at whose start it falls
         * @return this builder
         */
        public Builder optDecayEpochs(List<Integer> epochsFromOne) {
            decayEpochs = Optional.of(List.copyOf(epochsFromOne));
            return this;
        }

        /**
         * Sets how far the learning rate falls.
         *
         * @param value what it is multiplied by
         * @return this builder
         */
        public Builder optDecayFactor(double value) {
            decayFactor = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets over how many epochs, the last ones, the weights are averaged.
         *
         * @param value 0, for the weights of the last step, to the number of epochs
         * @return this builder
         */
        public Builder optAveragedEpochs(int value) {
            averagedEpochs = OptionalInt.of(value);
            return this;
        }

        /**
         * Sets what changes the objective.
         *
         * @param value modifiers, the innermost first
         * @return this builder
         */
        public Builder optModifiers(List<PluginSpec> value) {
            modifiers = List.copyOf(value);
            return this;
        }

        /**
         * Has an exponential mean of the weights saved.
         *
         * @param value how much of the mean is kept in a step, between 0 and 1
         * @return this builder
         */
        public Builder optEmaDecay(double value) {
            emaDecay = OptionalDouble.of(value);
            return this;
        }

        /**
         * Holds images out, and has the epoch saved that withstands attacks on most of them.
         *
         * @param value how many images
         * @return this builder
         */
        public Builder optValidation(int value) {
            validation = value;
            return this;
        }

        /**
         * Sets the momentum.
         *
         * @param value 0 or more, below 1
         * @return this builder
         */
        public Builder optMomentum(double value) {
            momentum = value;
            return this;
        }

        /**
         * Sets the weight decay.
         *
         * @param value 0 or more
         * @return this builder
         */
        public Builder optWeightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /**
         * Sets what pixels are multiplied by in a network that is trained from the beginning.
         *
         * @param value the scale, above 0
         * @return this builder
         */
        public Builder optScale(double value) {
            scale = value;
            return this;
        }

        /**
         * Sets how often a checkpoint is written.
         *
         * @param value steps between checkpoints, at least 1
         * @return this builder
         */
        public Builder optCheckpointSteps(int value) {
            checkpointSteps = value;
            return this;
        }

        /**
         * Sets the seed.
         *
         * @param value the seed
         * @return this builder
         */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /**
         * Returns the request.
         *
         * @return the request
         * @throws org.deepdefense.DeepDefenseException if a number is out of its range
         */
        public TrainingRequest build() {
            boolean fresh = network instanceof NetworkSource.Untrained;
            boolean plain = emaDecay.isEmpty() && validation == 0;
            int tail = fresh ? epochs / 3 : Math.min(1, epochs - 1);
            List<Integer> start = tail > 0 ? List.of(epochs - tail + 1) : List.of();
            return new TrainingRequest(
                    network,
                    dataset,
                    defense,
                    modifiers,
                    attack,
                    saveAs,
                    overwrite,
                    epochs,
                    batchSize,
                    learningRate,
                    decayEpochs.orElse(start),
                    decayFactor.orElse(fresh ? 0.1 : 0.5),
                    averagedEpochs.orElse(plain && !fresh ? tail : 0),
                    emaDecay,
                    validation,
                    momentum,
                    weightDecay,
                    scale,
                    checkpointSteps,
                    seed);
        }
    }
}
