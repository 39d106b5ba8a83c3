// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.deepdefense.DeepDefenseException;

/**
 * What a network was found to be when it was loaded.
 *
 * @param name what users call it
 * @param type the type of images that it takes
 * @param batch the one number of images that it takes, if there is one
 * @param batchReason why it takes no other, in PyTorch's words
 * @param squeezed whether it drops the first dimension where there is one image
 * @param random whether its answers differ from call to call
 * @param mixing whether an answer depends on the other images of the batch
 * @param broadcasting whether it takes images of one channel for images of three
 * @param differentiable whether its answers have a gradient to its images
 */
record NetworkTraits(
        String name,
        DataType type,
        OptionalInt batch,
        String batchReason,
        boolean squeezed,
        boolean random,
        boolean mixing,
        boolean broadcasting,
        boolean differentiable) {

    /**
     * Returns what makes numbers doubtful or slow.
     *
     * @return sentences
     */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        batch.ifPresent(
                size ->
                        warnings.add(
                                name
                                        + " takes "
                                        + (size == 1 ? "one image" : size + " images")
                                        + " at a time and no other number ("
                                        + batchReason
                                        + "): it is run so, which is slow; export it with a batch"
                                        + " of any size"));
        if (squeezed) {
            warnings.add(
                    name
                            + " squeezes its outputs, so that those of a batch of one image have"
                            + " lost a dimension: it is added again; export it without squeeze()");
        }
        if (type != DataType.FLOAT32) {
            warnings.add(
                    name
                            + " computes in "
                            + type.toString().toLowerCase(Locale.ROOT)
                            + ": images are converted to it, and logits to float32");
        }
        if (broadcasting) {
            warnings.add(
                    name
                            + " takes images of three channels as well as of one: it may be made"
                            + " for colours, and stretch one channel over three");
        }
        if (random) {
            warnings.add(
                    "The outputs of "
                            + name
                            + " differ from call to call: attacks that use gradients"
                            + " underestimate how vulnerable a randomised network is");
        }
        if (mixing) {
            warnings.add(
                    "The outputs of "
                            + name
                            + " for an image depend on the other images of its batch, so that"
                            + " accuracies and attacks depend on the size of batches: export it in"
                            + " evaluation mode (batch normalisation), or without dynamic"
                            + " quantisation");
        }
        return List.copyOf(warnings);
    }

    /**
     * Checks that there is a gradient.
     *
     * @param who what needs it, such as {@code attack "pgd"}
     * @throws DeepDefenseException if there is none
     */
    void requireGradient(String who) {
        if (!differentiable) {
            throw new DeepDefenseException(
                    "%s needs gradients, and %s has none from its outputs to its images (it is"
                                    .formatted(who, name)
                            + " detached or quantised, or gives integers)",
                    "use attacks that need scores or decisions only, such as square or hopskipjump,"
                            + " or export the network without detach() and quantisation");
        }
    }
}
