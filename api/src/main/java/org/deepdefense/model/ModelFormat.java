// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A file format that holds a whole network, architecture and weights, such as TorchScript. A
 * plug-in registers it as an OSGi service.
 */
@ConsumerType
public interface ModelFormat {

    /**
     * Returns the name of the format.
     *
     * @return a name such as {@code TorchScript}
     */
    String name();

    /**
     * Tells by its name whether a file is of this format.
     *
     * @param file a file
     * @return whether {@link #load} is worth a try
     */
    boolean accepts(Path file);

    /**
     * Loads a network that takes images (N, C, H, W) and gives logits (N, K) with a graph to the
     * images and its trainable parameters, always in evaluation mode.
     *
     * @param file the file
     * @param manager the owner of the network's arrays
     * @return a block whose parameters are initialized
     * @throws IOException if the file can't be read
     * @throws org.deepdefense.DeepDefenseException if the file is truncated or not of this format
     */
    Block load(Path file, NDManager manager) throws IOException;

    /**
     * Writes a network with the weights that it has now, so that the file can be used wherever one
     * of this format can.
     *
     * @param block a block that {@link #load} returned
     * @param stream where to; it is not closed
     * @throws IOException if it can't be written
     */
    void write(Block block, OutputStream stream) throws IOException;
}
