// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/**
 * What to evaluate: one network on one data set under any number of attacks.
 *
 * <p>Where budgets are given, an attack with a fixed budget is run with each of them, and an attack
 * that looks for the smallest perturbation is run once and counted as successful where its norm is
 * within the budget. Attacks that no norm measures are run once. Where no budgets are given, every
 * attack is run with its own parameters.
 *
 * <p>Created by {@link #builder}.
 */
public final class EvaluationRequest {

    /** What an evaluation does only if it is asked to. */
    public enum Option {
        /**
         * The attacks form an ensemble: in the order given, each is run only on the images that are
         * classified correctly and that none before it has fooled. Attacks that may leave the
         * bounds of pixels cannot be mixed with others, from which they would take images.
         */
        ENSEMBLE,
        /**
         * A line search between the clean image and what a minimum-norm attack returned makes its
         * norm as small as the boundary allows.
         */
        TIGHTEN,
        /**
         * An attack succeeds only if its images still fool the network after they were rounded to 8
         * bits a channel, as an image file stores them. Norms stay those of the unrounded images.
         */
        EIGHT_BIT,
        /** The result tells how each image fared. */
        IMAGES,
        /** Nothing is taken from the engine's cache of results, and nothing is put into it. */
        NO_CACHE
    }

    private final NetworkSource network;
    private final DatasetSpec dataset;
    private final List<PluginSpec> attacks;
    private final List<Double> epsilons;
    private final Optional<Target> target;
    private final long seed;
    private final OptionalInt batchSize;
    private final Set<Option> options;

    private EvaluationRequest(Builder builder) {
        network = Objects.requireNonNull(builder.network);
        dataset = Objects.requireNonNull(builder.dataset);
        attacks = List.copyOf(builder.attacks);
        epsilons = builder.epsilons.stream().distinct().sorted().toList();
        target = builder.target;
        seed = builder.seed;
        batchSize = builder.batchSize;
        options = Set.copyOf(builder.options);
        if (attacks.isEmpty()) {
            throw new DeepDefenseException(
                    "An evaluation needs an attack", "name one, such as deepfool");
        }
        for (double epsilon : epsilons) {
            if (!(epsilon >= 0) || Double.isInfinite(epsilon)) {
                throw new DeepDefenseException(
                        "The budget " + epsilon + " is out of range", "give 0 or more");
            }
        }
    }

    /**
     * Starts a request with the attacks' own budgets, seed 0 and batches of the default size.
     *
     * @param network the network
     * @param dataset the images
     * @param attacks at least one attack
     * @return the builder
     */
    public static Builder builder(
            NetworkSource network, DatasetSpec dataset, PluginSpec... attacks) {
        return new Builder(network, dataset, List.of(attacks));
    }

    /**
     * Begins a request like this one.
     *
     * @return a builder with all that was set here
     */
    public Builder toBuilder() {
        Builder builder = new Builder(network, dataset, attacks);
        builder.epsilons = epsilons;
        builder.target = target;
        builder.seed = seed;
        builder.batchSize = batchSize;
        builder.options.addAll(options);
        return builder;
    }

    /**
     * Returns the network.
     *
     * @return where it comes from
     */
    public NetworkSource network() {
        return network;
    }

    /**
     * Returns the images.
     *
     * @return which images of which data set
     */
    public DatasetSpec dataset() {
        return dataset;
    }

    /**
     * Returns the attacks.
     *
     * @return at least one attack
     */
    public List<PluginSpec> attacks() {
        return attacks;
    }

    /**
     * Returns the budgets that attacks are run with.
     *
     * @return budgets in units of pixels, each in the norm of the attack that it is applied to;
     *     ascending and without repetitions
     */
    public List<Double> epsilons() {
        return epsilons;
    }

    /**
     * Returns the class that attacks are to reach.
     *
     * @return the target; if there is none, any wrong class will do
     */
    public Optional<Target> target() {
        return target;
    }

    /**
     * Returns the seed of the attacks' random numbers.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * Returns how many images are attacked together.
     *
     * @return the size of a batch, or nothing for the engine's default
     */
    public OptionalInt batchSize() {
        return batchSize;
    }

    /**
     * Returns what is done besides.
     *
     * @return the options
     */
    public Set<Option> options() {
        return options;
    }

    private List<Object> values() {
        return List.of(network, dataset, attacks, epsilons, target, seed, batchSize, options);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EvaluationRequest request && values().equals(request.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "EvaluationRequest" + values();
    }

    /** Collects the options of a request. */
    public static final class Builder {

        private final NetworkSource network;
        private final DatasetSpec dataset;
        private final List<PluginSpec> attacks;
        private List<Double> epsilons = List.of();
        private Optional<Target> target = Optional.empty();
        private long seed;
        private OptionalInt batchSize = OptionalInt.empty();
        private final Set<Option> options = EnumSet.noneOf(Option.class);

        private Builder(NetworkSource network, DatasetSpec dataset, List<PluginSpec> attacks) {
            this.network = network;
            this.dataset = dataset;
            this.attacks = attacks;
        }

        /**
         * Sets the budgets that attacks are run with.
         *
         * @param value budgets in units of pixels
         * @return this builder
         */
        public Builder optEpsilons(List<Double> value) {
            epsilons = List.copyOf(value);
            return this;
        }

        /**
         * Makes the attacks targeted.
         *
         * @param value the class that they are to reach
         * @return this builder
         */
        public Builder optTarget(Target value) {
            target = Optional.of(value);
            return this;
        }

        /**
         * Sets the seed of the attacks' random numbers.
         *
         * @param value the seed
         * @return this builder
         */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /**
         * Sets how many images are attacked together.
         *
         * @param value the size of a batch, at least 1
         * @return this builder
         */
        public Builder optBatchSize(int value) {
            batchSize = OptionalInt.of(value);
            return this;
        }

        /**
         * Adds to what is done besides.
         *
         * @param value more options
         * @return this builder
         */
        public Builder optOptions(Option... value) {
            options.addAll(List.of(value));
            return this;
        }

        /**
         * Returns the request.
         *
         * @return the request
         * @throws DeepDefenseException if a component is out of its range
         */
        public EvaluationRequest build() {
            return new EvaluationRequest(this);
        }
    }
}
