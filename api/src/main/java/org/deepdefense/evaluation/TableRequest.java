// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import java.util.Objects;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/** The networks to compare as in table 1 of the Deep Defense paper. Created by {@link #builder}. */
public final class TableRequest {

    private final List<NetworkSource> networks;
    private final DatasetSpec dataset;
    private final PluginSpec rhoAttack;
    private final PluginSpec fgsAttack;
    private final long seed;

    private TableRequest(Builder builder) {
        networks = List.copyOf(builder.networks);
        dataset = Objects.requireNonNull(builder.dataset);
        rhoAttack = builder.rhoAttack;
        fgsAttack = builder.fgsAttack;
        seed = builder.seed;
        if (networks.isEmpty()) {
            throw new DeepDefenseException(
                    "A table needs a network", "name at least one, the defended one last");
        }
    }

    /**
     * Starts the paper's table: DeepFool for ρ₂, the fast gradient sign for the accuracies, seed 0.
     *
     * @param networks the networks, the defended one last
     * @param dataset the images
     * @return the builder
     */
    public static Builder builder(List<NetworkSource> networks, DatasetSpec dataset) {
        return new Builder(networks, dataset);
    }

    /**
     * Begins a request like this one.
     *
     * @return a builder with all that was set here
     */
    public Builder toBuilder() {
        Builder builder = new Builder(networks, dataset);
        builder.rhoAttack = rhoAttack;
        builder.fgsAttack = fgsAttack;
        builder.seed = seed;
        return builder;
    }

    /**
     * Returns the networks; the last one, usually the defended one, decides ε_ref.
     *
     * @return at least one network
     */
    public List<NetworkSource> networks() {
        return networks;
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
     * Returns the attack that measures ρ₂.
     *
     * @return a minimum-norm attack in L2
     */
    public PluginSpec rhoAttack() {
        return rhoAttack;
    }

    /**
     * Returns the attack that measures the accuracies.
     *
     * @return an attack with a fixed budget
     */
    public PluginSpec fgsAttack() {
        return fgsAttack;
    }

    /**
     * Returns the seed of the attacks' random numbers.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    private List<Object> values() {
        return List.of(networks, dataset, rhoAttack, fgsAttack, seed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableRequest request && values().equals(request.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "TableRequest" + values();
    }

    /** Collects the options of a request. */
    public static final class Builder {

        private final List<NetworkSource> networks;
        private final DatasetSpec dataset;
        private PluginSpec rhoAttack = PluginSpec.of("deepfool");
        private PluginSpec fgsAttack = PluginSpec.of("fgsm");
        private long seed;

        private Builder(List<NetworkSource> networks, DatasetSpec dataset) {
            this.networks = networks;
            this.dataset = dataset;
        }

        /**
         * Sets the attack that measures ρ₂.
         *
         * @param value a minimum-norm attack in L2
         * @return this builder
         */
        public Builder optRhoAttack(PluginSpec value) {
            rhoAttack = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets the attack that measures the accuracies.
         *
         * @param value an attack with a fixed budget
         * @return this builder
         */
        public Builder optFgsAttack(PluginSpec value) {
            fgsAttack = Objects.requireNonNull(value);
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
         * Returns the request.
         *
         * @return the request
         * @throws DeepDefenseException if a component is out of its range
         */
        public TableRequest build() {
            return new TableRequest(this);
        }
    }
}
