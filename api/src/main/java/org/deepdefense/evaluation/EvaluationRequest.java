package org.deepdefense.evaluation;

import java.util.Objects;
import java.util.OptionalInt;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.dataset.DatasetSpec;
import org.deepdefense.network.NetworkSource;

/**
 * What to evaluate.
 *
 * @param network the network
 * @param dataset the images
 * @param attack the attack
 * @param seed the seed of the attack's random numbers
 * @param batchSize how many images are attacked together, or the engine's default
 */
public record EvaluationRequest(
        NetworkSource network,
        DatasetSpec dataset,
        PluginSpec attack,
        long seed,
        OptionalInt batchSize) {

    /**
     * Checks the components.
     *
     * @param network the network
     * @param dataset the images
     * @param attack the attack
     * @param seed the seed of the attack's random numbers
     * @param batchSize how many images are attacked together, or the engine's default
     */
    public EvaluationRequest {
        Objects.requireNonNull(network);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(attack);
        Objects.requireNonNull(batchSize);
    }

    /**
     * Describes an evaluation with seed 0 and batches of the default size.
     *
     * @param network the network
     * @param dataset the images
     * @param attack the attack
     * @return the request
     */
    public static EvaluationRequest of(
            NetworkSource network, DatasetSpec dataset, PluginSpec attack) {
        return new EvaluationRequest(network, dataset, attack, 0, OptionalInt.empty());
    }

    /**
     * Returns the same request with another seed.
     *
     * @param number the seed
     * @return a new value
     */
    public EvaluationRequest withSeed(long number) {
        return new EvaluationRequest(network, dataset, attack, number, batchSize);
    }

    /**
     * Returns the same request with other batches.
     *
     * @param images how many images are attacked together, at least 1
     * @return a new value
     */
    public EvaluationRequest withBatchSize(int images) {
        return new EvaluationRequest(network, dataset, attack, seed, OptionalInt.of(images));
    }
}
