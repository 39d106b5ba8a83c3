// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.dataset.Split;
import org.deepdefense.network.NetworkSource;
import org.deepdefense.training.TrainingRequest;

/**
 * The requests of a quick start: small enough for two minutes on two cores, large enough to show
 * the effect.
 *
 * @param prefix what the names of the networks begin with
 * @param seed the seed
 */
record QuickstartPlan(String prefix, long seed) {

    private static final String DATASET = "digits";
    private static final String MODEL = "lenet";

    private static final int REFERENCE_EPOCHS = 12;
    private static final double REFERENCE_RATE = 1e-2;
    private static final List<Integer> REFERENCE_DECAY = List.of(9);
    private static final double REFERENCE_FACTOR = 0.1;

    /**
     * These digits are easier than MNIST: with the paper's c of 25 there is little left to gain.
     */
    private static final String DEFENSE = "deep-defense:c=10";

    private static final int DEFENDED_EPOCHS = 5;
    private static final double DEFENDED_RATE = 4e-3;
    private static final List<Integer> DEFENDED_DECAY = List.of(5);
    private static final double DEFENDED_FACTOR = 0.5;

    private static final int BATCH = 32;

    String referenceName() {
        return prefix + "-reference";
    }

    String defendedName() {
        return prefix + "-defended";
    }

    TrainingRequest reference() {
        return builder(new NetworkSource.Untrained(MODEL), "reference", referenceName())
                .optEpochs(REFERENCE_EPOCHS)
                .optLearningRate(REFERENCE_RATE)
                .optDecayEpochs(REFERENCE_DECAY)
                .optDecayFactor(REFERENCE_FACTOR)
                .build();
    }

    TrainingRequest defended() {
        return builder(new NetworkSource.Saved(referenceName()), DEFENSE, defendedName())
                .optEpochs(DEFENDED_EPOCHS)
                .optLearningRate(DEFENDED_RATE)
                .optDecayEpochs(DEFENDED_DECAY)
                .optDecayFactor(DEFENDED_FACTOR)
                .build();
    }

    private TrainingRequest.Builder builder(NetworkSource network, String defense, String save) {
        return TrainingRequest.builder(
                        network,
                        DatasetSpec.of(DATASET, Split.TRAIN),
                        PluginSpec.parse(defense),
                        save)
                .optOverwrite(true)
                .optBatchSize(BATCH)
                .optScale(1)
                .optSeed(seed);
    }

    DatasetSpec testImages() {
        return DatasetSpec.of(DATASET, Split.TEST);
    }
}
