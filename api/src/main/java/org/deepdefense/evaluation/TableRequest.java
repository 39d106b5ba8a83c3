// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.util.List;
import java.util.Objects;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/**
 * The networks to compare as in table 1 of the Deep Defense paper.
 *
 * @param networks at least one network; the last one, usually the defended one, decides ε_ref
 * @param dataset the images
 * @param rhoAttack the attack that measures ρ₂
 * @param fgsAttack the fixed-budget attack that measures the accuracies
 * @param seed the seed of the attacks' random numbers
 */
public record TableRequest(
        List<NetworkSource> networks,
        DatasetSpec dataset,
        PluginSpec rhoAttack,
        PluginSpec fgsAttack,
        long seed) {

    /**
     * Checks the components.
     *
     * @param networks at least one network; the last one, usually the defended one, decides ε_ref
     * @param dataset the images
     * @param rhoAttack the attack that measures ρ₂
     * @param fgsAttack the fixed-budget attack that measures the accuracies
     * @param seed the seed of the attacks' random numbers
     * @throws DeepDefenseException if a component is out of its range
     */
    public TableRequest {
        networks = List.copyOf(networks);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(rhoAttack);
        Objects.requireNonNull(fgsAttack);
        if (networks.isEmpty()) {
            throw new DeepDefenseException(
                    "A table needs a network", "name at least one, the defended one last");
        }
    }

    /**
     * Describes the paper's table: DeepFool for ρ₂, the fast gradient sign for the accuracies.
     *
     * @param networks the networks, the defended one last
     * @param dataset the images
     * @return the request with seed 0
     */
    public static TableRequest of(List<NetworkSource> networks, DatasetSpec dataset) {
        return new TableRequest(
                networks, dataset, PluginSpec.of("deepfool"), PluginSpec.of("fgsm"), 0);
    }
}
