// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import org.deepdefense.attack.Norm;

/**
 * How one image fared.
 *
 * @param index the image in the data set
 * @param label its class
 * @param prediction the class that the network gives the clean image
 * @param attacked whether it was attacked: an image that is misclassified already is spared by
 *     attacks with a fixed budget, and one that was fooled before is spared by the rest of an
 *     ensemble
 * @param success whether it is fooled, with or without this attack, as recomputed by the engine on
 *     the image that the attack returned
 * @param finiteGradients whether all gradients that the attack took of it were finite numbers; true
 *     for an attack that takes none
 * @param adversarialPrediction the class that the network gives that image
 * @param l0 the number of pixel components that the attack changed
 * @param l1 the sum of the changes, in pixels
 * @param l2 the Euclidean norm of the change, in pixels
 * @param linf the largest change, in pixels
 * @param rho2 ‖Δ‖₂/‖x‖₂ in the space of the network's inputs; not a number if ‖x‖₂ = 0
 * @param rho2Pixels the same in the space of pixels
 * @param forwards evaluations of the network: the mean over the attacked images of the batch
 * @param backwards vector-Jacobian products, counted in the same way
 */
public record SampleResult(
        int index,
        int label,
        int prediction,
        boolean attacked,
        boolean success,
        boolean finiteGradients,
        int adversarialPrediction,
        double l0,
        double l1,
        double l2,
        double linf,
        double rho2,
        double rho2Pixels,
        double forwards,
        double backwards) {

    /**
     * Tells whether the network is right about the clean image.
     *
     * @return whether the prediction is the label
     */
    public boolean isCorrect() {
        return prediction == label;
    }

    /**
     * Tells whether the verdict means something. Gradients that are NaN or infinite lead an attack
     * nowhere: that it did not fool the image says nothing of the network.
     *
     * @return false if it met such gradients and is not fooled
     */
    public boolean isEvaluated() {
        return success || finiteGradients;
    }

    /**
     * Returns the size of the change.
     *
     * @param norm in which norm
     * @return the norm, in pixels
     */
    public double norm(Norm norm) {
        return switch (norm) {
            case L0 -> l0;
            case L1 -> l1;
            case L2 -> l2;
            case LINF -> linf;
        };
    }

    /**
     * Returns the same result with another verdict.
     *
     * @param fooled whether the image counts as fooled
     * @return a new value
     */
    public SampleResult withSuccess(boolean fooled) {
        return new SampleResult(
                index,
                label,
                prediction,
                attacked,
                fooled,
                finiteGradients,
                adversarialPrediction,
                l0,
                l1,
                l2,
                linf,
                rho2,
                rho2Pixels,
                forwards,
                backwards);
    }

    /**
     * Returns the same result with other calls.
     *
     * @param forwardCalls evaluations of the network
     * @param backwardCalls vector-Jacobian products
     * @return a new value
     */
    public SampleResult withCalls(double forwardCalls, double backwardCalls) {
        return new SampleResult(
                index,
                label,
                prediction,
                attacked,
                success,
                finiteGradients,
                adversarialPrediction,
                l0,
                l1,
                l2,
                linf,
                rho2,
                rho2Pixels,
                forwardCalls,
                backwardCalls);
    }
}
