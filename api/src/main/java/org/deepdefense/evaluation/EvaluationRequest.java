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
 * @param network the network
 * @param dataset the images
 * @param attacks at least one attack
 * @param epsilons budgets in units of pixels, each in the norm of the attack that it is applied to;
 *     ascending and without repetitions
 * @param target the class that attacks are to reach; if there is none, any wrong class will do
 * @param seed the seed of the attacks' random numbers
 * @param batchSize how many images are attacked together, or the engine's default
 * @param options what is done besides
 */
public record EvaluationRequest(
        NetworkSource network,
        DatasetSpec dataset,
        List<PluginSpec> attacks,
        List<Double> epsilons,
        Optional<Target> target,
        long seed,
        OptionalInt batchSize,
        Set<Option> options) {

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

    /**
     * Checks and orders the components.
     *
     * @param network the network
     * @param dataset the images
     * @param attacks at least one attack
     * @param epsilons budgets in units of pixels
     * @param target the class that attacks are to reach
     * @param seed the seed of the attacks' random numbers
     * @param batchSize how many images are attacked together, or the engine's default
     * @param options what is done besides
     * @throws DeepDefenseException if there is no attack, or a budget is negative or not finite
     */
    public EvaluationRequest {
        Objects.requireNonNull(network);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(target);
        Objects.requireNonNull(batchSize);
        attacks = List.copyOf(attacks);
        epsilons = epsilons.stream().distinct().sorted().toList();
        options = Set.copyOf(options);
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
     * Describes an evaluation with the attacks' own budgets, seed 0 and batches of the default
     * size.
     *
     * @param network the network
     * @param dataset the images
     * @param attacks at least one attack
     * @return the request
     */
    public static EvaluationRequest of(
            NetworkSource network, DatasetSpec dataset, PluginSpec... attacks) {
        return new EvaluationRequest(
                network,
                dataset,
                List.of(attacks),
                List.of(),
                Optional.empty(),
                0,
                OptionalInt.empty(),
                EnumSet.noneOf(Option.class));
    }

    /**
     * Returns the same request with other budgets.
     *
     * @param budgets budgets in units of pixels
     * @return a new value
     */
    public EvaluationRequest withEpsilons(List<Double> budgets) {
        return new EvaluationRequest(
                network, dataset, attacks, budgets, target, seed, batchSize, options);
    }

    /**
     * Returns the same request with targeted attacks.
     *
     * @param aim the class that they are to reach
     * @return a new value
     */
    public EvaluationRequest withTarget(Target aim) {
        return new EvaluationRequest(
                network, dataset, attacks, epsilons, Optional.of(aim), seed, batchSize, options);
    }

    /**
     * Returns the same request with another seed.
     *
     * @param number the seed
     * @return a new value
     */
    public EvaluationRequest withSeed(long number) {
        return new EvaluationRequest(
                network, dataset, attacks, epsilons, target, number, batchSize, options);
    }

    /**
     * Returns the same request with other batches.
     *
     * @param images how many images are attacked together, at least 1
     * @return a new value
     */
    public EvaluationRequest withBatchSize(int images) {
        return new EvaluationRequest(
                network, dataset, attacks, epsilons, target, seed, OptionalInt.of(images), options);
    }

    /**
     * Returns the same request with more options.
     *
     * @param more what is done besides
     * @return a new value
     */
    public EvaluationRequest with(Option... more) {
        Set<Option> all = EnumSet.noneOf(Option.class);
        all.addAll(options);
        all.addAll(List.of(more));
        return new EvaluationRequest(
                network, dataset, attacks, epsilons, target, seed, batchSize, all);
    }
}
