// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import org.deepdefense.model.Classifier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a training gives to its objective besides the batches.
 *
 * @param <P> the type of the parameters
 */
@ProviderType
public interface DefenseContext<P> {

    /**
     * Returns the parameters of this training.
     *
     * @return defaults, overridden by configuration, overridden by the caller
     */
    P parameters();

    /**
     * Returns the network in evaluation mode, as attacks and users meet it.
     *
     * @return the classifier
     */
    Classifier classifier();

    /**
     * Returns logits in training mode: dropout is on, batch normalisation uses and updates the
     * statistics of the batch.
     *
     * @param images images (N, C, H, W)
     * @return logits (N, K) with a graph to the parameters
     */
    NDArray trainingLogits(NDArray images);

    /**
     * Returns the attack to defend against, for some rows of a batch. Its random numbers follow
     * from the step and the places of these rows; they go on from call to call.
     *
     * @param shard the rows that are attacked
     * @return the attack that the user chose or else {@link DefensePlugin#attack()}
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    AttackRunner attack(Shard shard);

    /**
     * Returns the weights that are trained.
     *
     * @return the weights of the network
     */
    TrainedWeights weights();

    /**
     * Returns a teacher: the network in evaluation mode with weights that are an exponential mean
     * of those of the network. It begins with those at its first call, and moves after each update,
     * w̄ ← decay·w̄ + (1 − decay)·w. It goes into checkpoints.
     *
     * @param decay how much of the mean is kept in a step, from 0 to below 1; a training has one
     *     teacher
     * @return the teacher, whose weights are not trained
     * @throws org.deepdefense.DeepDefenseException if the decay is out of range, or another than
     *     that of the first call
     */
    Classifier teacher(double decay);

    /**
     * Returns what is kept from step to step.
     *
     * @return the state, as it is at this step
     */
    ObjectiveState state();

    /**
     * Returns the epoch.
     *
     * @return its number, from 1
     */
    int epoch();

    /**
     * Returns the step.
     *
     * @return how many updates there were since the training began
     */
    long step();

    /**
     * Shows a number of a batch in the progress of the training, averaged over the epoch.
     *
     * @param shard the rows that it is about
     * @param name a short name such as {@code rho}
     * @param mean its mean over these rows
     */
    void metric(Shard shard, String name, double mean);

    /**
     * Reports an oddity. Equal messages are reported once.
     *
     * @param message one sentence
     */
    void warn(String message);
}
