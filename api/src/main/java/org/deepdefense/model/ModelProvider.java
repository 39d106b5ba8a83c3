// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A network architecture. A plug-in registers it as an OSGi service, named by {@link ModelPlugin}.
 *
 * <p>The parameters of its block are known by the path of their names, without DJL's counters: the
 * weight of a child block {@code conv1} is {@code conv1.weight}, in files and in messages.
 */
@ConsumerType
public interface ModelProvider {

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    Shape inputShape();

    /**
     * Returns the number of classes.
     *
     * @return K, at least 2
     */
    int classes();

    /**
     * Returns a new block that takes normalised images (N, C, H, W) and gives logits (N, K), not
     * probabilities. Its initializers are set, its parameters not yet created; the caller does both
     * and owns them.
     *
     * @return a new block
     */
    Block newBlock();
}
