// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import org.deepdefense.model.Classifier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a defense is given besides the batch.
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
     * Returns the attack to defend against.
     *
     * @return the attack that the user chose or else {@link DefensePlugin#attack()}
     * @throws org.deepdefense.DeepDefenseException if there is none
     */
    AttackRunner attack();

    /**
     * Shows a number of this batch in the progress of the training, averaged over the epoch.
     *
     * @param name a short name such as {@code rho}
     * @param value its value in this batch
     */
    void metric(String name, double value);

    /**
     * Reports an oddity. Equal messages are reported once.
     *
     * @param message one sentence
     */
    void warn(String message);
}
