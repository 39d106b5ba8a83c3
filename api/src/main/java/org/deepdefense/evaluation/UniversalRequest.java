// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import java.util.Objects;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/** One perturbation for all images that is to be searched. Created by {@link #builder}. */
public final class UniversalRequest {

    /** The largest size in L∞ that the paper allows, for pixels in [0, 1]. */
    public static final double EPSILON_LINF = 10 / 255.0;

    /** The fooling rate that is wanted in the paper. */
    public static final double FOOLING_RATE = 0.8;

    /** Passes after which more are of little use. */
    public static final int PASSES = 10;

    private final NetworkSource network;
    private final DatasetSpec training;
    private final DatasetSpec test;
    private final PluginSpec attack;
    private final Norm norm;
    private final double epsilon;
    private final double foolingRate;
    private final int passes;
    private final int batchSize;
    private final long seed;

    private UniversalRequest(Builder builder) {
        network = Objects.requireNonNull(builder.network);
        training = Objects.requireNonNull(builder.training);
        test = Objects.requireNonNull(builder.test);
        attack = builder.attack;
        norm = Objects.requireNonNull(builder.norm);
        epsilon = builder.epsilon;
        foolingRate = builder.foolingRate;
        passes = builder.passes;
        batchSize = builder.batchSize;
        seed = builder.seed;
        if (norm != Norm.L2 && norm != Norm.LINF) {
            throw new DeepDefenseException(
                    "A universal perturbation cannot be limited in the norm " + norm.symbol(),
                    "choose L2 or L∞");
        }
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new DeepDefenseException(
                    "The largest size epsilon=" + epsilon + " is out of range",
                    "give a number above 0, in units of pixels");
        }
        if (!(foolingRate > 0 && foolingRate <= 1)) {
            throw new DeepDefenseException(
                    "The fooling rate " + foolingRate + " is out of range",
                    "give a number above 0 and at most 1");
        }
        if (passes < 1 || batchSize < 1) {
            throw new DeepDefenseException(
                    passes + " passes in batches of " + batchSize + " images are none",
                    "give 1 or more");
        }
    }

    /**
     * Starts the search of the paper: with DeepFool, one image after the other, until 80 % of the
     * training images are fooled; seed 0.
     *
     * @param network the network to be fooled
     * @param training the images to make it from
     * @param test the images to measure it on
     * @param norm L2 or L∞
     * @param epsilon its largest size, in units of pixels
     * @return the builder
     */
    public static Builder builder(
            NetworkSource network,
            DatasetSpec training,
            DatasetSpec test,
            Norm norm,
            double epsilon) {
        return new Builder(network, training, test, norm, epsilon);
    }

    /**
     * Begins a request like this one.
     *
     * @return a builder with all that was set here
     */
    public Builder toBuilder() {
        Builder builder = new Builder(network, training, test, norm, epsilon);
        builder.attack = attack;
        builder.foolingRate = foolingRate;
        builder.passes = passes;
        builder.batchSize = batchSize;
        builder.seed = seed;
        return builder;
    }

    /**
     * Returns the network to be fooled.
     *
     * @return where it comes from
     */
    public NetworkSource network() {
        return network;
    }

    /**
     * Returns the images to make it from.
     *
     * @return which images of which data set
     */
    public DatasetSpec training() {
        return training;
    }

    /**
     * Returns the images to measure it on.
     *
     * @return which images of which data set
     */
    public DatasetSpec test() {
        return test;
    }

    /**
     * Returns what finds the smallest perturbation of one image.
     *
     * @return a minimum-norm attack
     */
    public PluginSpec attack() {
        return attack;
    }

    /**
     * Returns how its size is measured.
     *
     * @return L2 or L∞
     */
    public Norm norm() {
        return norm;
    }

    /**
     * Returns its largest size.
     *
     * @return the largest norm, in units of pixels
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * Returns at which fooling rate the search ends.
     *
     * @return the rate of training images whose predicted class is to change, above 0 and at most 1
     */
    public double foolingRate() {
        return foolingRate;
    }

    /**
     * Returns how often the training images are gone through at most.
     *
     * @return a number of passes, at least 1
     */
    public int passes() {
        return passes;
    }

    /**
     * Returns how many images are attacked together.
     *
     * @return the size of a batch, at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Returns the seed of the order of images and the attack's random numbers.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    private List<Object> values() {
        return List.of(
                network,
                training,
                test,
                attack,
                norm,
                epsilon,
                foolingRate,
                passes,
                batchSize,
                seed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UniversalRequest request && values().equals(request.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "UniversalRequest" + values();
    }

    /** Collects the options of a request. */
    public static final class Builder {

        private final NetworkSource network;
        private final DatasetSpec training;
        private final DatasetSpec test;
        private final Norm norm;
        private final double epsilon;
        private PluginSpec attack = PluginSpec.of("deepfool");
        private double foolingRate = FOOLING_RATE;
        private int passes = PASSES;
        private int batchSize = 1;
        private long seed;

        private Builder(
                NetworkSource network,
                DatasetSpec training,
                DatasetSpec test,
                Norm norm,
                double epsilon) {
            this.network = network;
            this.training = training;
            this.test = test;
            this.norm = norm;
            this.epsilon = epsilon;
        }

        /**
         * Sets what finds the smallest perturbation of one image.
         *
         * @param value a minimum-norm attack
         * @return this builder
         */
        public Builder optAttack(PluginSpec value) {
            attack = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets at which fooling rate the search ends.
         *
         * @param value the rate of training images whose predicted class is to change, above 0 and
         *     at most 1
         * @return this builder
         */
        public Builder optFoolingRate(double value) {
            foolingRate = value;
            return this;
        }

        /**
         * Sets how often the training images are gone through at most.
         *
         * @param value a number of passes, at least 1
         * @return this builder
         */
        public Builder optPasses(int value) {
            passes = value;
            return this;
        }

        /**
         * Sets how many images are attacked together. With 1 the algorithm is the paper's; with
         * more it is faster, but each attack starts from a perturbation that is a little older.
         *
         * @param value the size of a batch, at least 1
         * @return this builder
         */
        public Builder optBatchSize(int value) {
            batchSize = value;
            return this;
        }

        /**
         * Sets the seed of the order of images and the attack's random numbers.
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
         * @throws DeepDefenseException if a component is out of its range
         */
        public UniversalRequest build() {
            return new UniversalRequest(this);
        }
    }
}
