// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an attack is given for one batch besides images: parameters, random numbers, and ways to
 * notice that its work is no longer wanted and to say that something is odd.
 *
 * @param <P> the type of the parameters
 */
@ProviderType
public interface AttackContext<P> {

    /**
     * Returns the parameters of this run.
     *
     * @return defaults, overridden by configuration, overridden by the caller
     */
    P parameters();

    /**
     * Returns the budget of this run.
     *
     * @return the radius of the ball in units of pixels, 0 or more
     * @throws IllegalStateException if the attack is no {@link FixedBudgetAttack}
     */
    double epsilon();

    /**
     * Returns the random numbers of this batch, the only ones that an attack may use.
     *
     * @return a stream for each sample
     */
    SampleRandom random();

    /**
     * Returns images from which an attack that sees decisions alone may start: for each image the
     * nearest of some images of the data set (in L2) that fulfils the criterion. What the network
     * says of these is known to the engine and costs no calls.
     *
     * @param images images (N, C, H, W)
     * @param criterion what to reach
     * @return images (N, C, H, W) on the manager of the images; the image itself where no other is
     *     known that fulfils the criterion
     */
    NDArray startingPoints(NDArray images, Criterion criterion);

    /**
     * Ends the attack if it is no longer wanted. To be called once an iteration.
     *
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     */
    void checkCancelled();

    /**
     * Reports an oddity, such as gradients that are all zero. Equal messages are reported once.
     *
     * @param message one sentence
     */
    void warn(String message);
}
