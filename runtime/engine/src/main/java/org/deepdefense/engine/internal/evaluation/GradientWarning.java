// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import java.util.Locale;
import java.util.Optional;

/** What is said of attacks that met gradients that are not finite. */
final class GradientWarning {

    private GradientWarning() {}

    /**
     * Returns what to warn of in an evaluation.
     *
     * @param network the name of the network
     * @param attack the name of the attack
     * @param notFinite how many images have such gradients
     * @param images of how many
     * @return a sentence, or nothing if all gradients are finite
     */
    static Optional<String> of(String network, String attack, int notFinite, int images) {
        return warning(
                network,
                attack,
                notFinite,
                images,
                "those that it does not fool count as not evaluated, neither as robust nor as"
                        + " fooled");
    }

    /**
     * Returns what to warn of in the search of a universal perturbation.
     *
     * @param network the name of the network
     * @param attack the name of the attack
     * @param notFinite how many images have such gradients
     * @param images of how many
     * @return a sentence, or nothing if all gradients are finite
     */
    static Optional<String> ofSearch(String network, String attack, int notFinite, int images) {
        return warning(
                network,
                attack,
                notFinite,
                images,
                "that no better perturbation was found says nothing of the network");
    }

    private static Optional<String> warning(
            String network, String attack, int notFinite, int images, String consequence) {
        return notFinite == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "The gradients of %s are not finite numbers (NaN or infinite) on"
                                        + " %,d of %,d images under %s: %s",
                                network,
                                notFinite,
                                images,
                                attack,
                                consequence));
    }
}
