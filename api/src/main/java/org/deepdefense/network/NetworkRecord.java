// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.network;

import java.util.List;
import java.util.Optional;
import org.deepdefense.job.Provenance;

/**
 * What is known of a saved network.
 *
 * @param name its name
 * @param model the architecture: a registered name or the name of the file that it was imported
 *     from
 * @param inputShape the shape (C, H, W) of one image
 * @param classes the number of classes
 * @param checksum {@code sha256:} and 64 hexadecimal digits of the weights
 * @param training how it was trained
 * @param parent the network that training started from, if it was not untrained
 * @param metrics what the training reported, an entry an epoch
 */
public record NetworkRecord(
        String name,
        String model,
        List<Long> inputShape,
        int classes,
        String checksum,
        Provenance training,
        Optional<String> parent,
        List<String> metrics) {}
