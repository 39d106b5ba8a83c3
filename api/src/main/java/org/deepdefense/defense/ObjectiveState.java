// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense;

import ai.djl.ndarray.NDArray;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an objective keeps from step to step. It goes into the checkpoints of its training and comes
 * back bit for bit.
 */
@ProviderType
public interface ObjectiveState {

    /**
     * Returns an array that is kept.
     *
     * @param name what the objective calls it
     * @param initial what it is at first, of any shape; it is copied
     * @return the kept array, owned by the training: change it in place, and never close it
     */
    NDArray array(String name, NDArray initial);

    /**
     * Returns a number that is kept.
     *
     * @param name what the objective calls it
     * @param initial what it is at first
     * @return the number as it was last set
     */
    double number(String name, double initial);

    /**
     * Keeps a number.
     *
     * @param name what the objective calls it
     * @param value its value from now on
     */
    void setNumber(String name, double value);
}
