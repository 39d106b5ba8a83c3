// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.training;

import org.deepdefense.job.Job;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Trains and hardens networks. Requests are checked before a method returns: names that do not
 * exist and parameters out of range are a {@link org.deepdefense.DeepDefenseException}; what takes
 * reading files fails the job.
 */
@ProviderType
public interface Trainer {

    /**
     * Trains a network and saves it. A training that was interrupted goes on from its last
     * checkpoint when an equal request is made again, and ends with the same network. Where the
     * code that the checkpoint was made by has changed since, it begins anew with a warning.
     *
     * @param request what to train
     * @return the running job
     * @throws org.deepdefense.DeepDefenseException if the name is taken, if another job or process
     *     trains by it, if the home can't be written, or if the checkpoint of another request
     *     stands under the name; {@link #discard} removes that
     */
    Job<TrainingResult> train(TrainingRequest request);

    /**
     * Removes the checkpoint of an interrupted training.
     *
     * @param saveAs the name that the network was to be saved by
     * @return whether there was one
     */
    boolean discard(String saveAs);
}
