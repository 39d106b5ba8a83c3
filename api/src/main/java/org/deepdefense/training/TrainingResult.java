// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.training;

import java.util.List;
import java.util.Map;
import org.deepdefense.network.NetworkRecord;

/**
 * What came of a training.
 *
 * @param network the saved network
 * @param epochs what the epochs of this run reported; a training that was resumed lists those since
 * @param seconds how long this run took
 * @param warnings oddities
 */
public record TrainingResult(
        NetworkRecord network, List<Epoch> epochs, double seconds, List<String> warnings) {

    /**
     * The averages of an epoch.
     *
     * @param number its number, from 1
     * @param loss mean loss of the batches
     * @param metrics mean of what the defense reported, by name
     */
    public record Epoch(int number, double loss, Map<String, Double> metrics) {}
}
