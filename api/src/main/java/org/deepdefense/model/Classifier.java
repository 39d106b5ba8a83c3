// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.deepdefense.attack.LogitLoss;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A network as attacks and defenses see it: differentiable logits of images whose pixels lie inside
 * bounds. Normalisation is a part of the classifier, dropout and batch normalisation behave as in
 * evaluation. Images have the shape (N, C, H, W), logits (N, K).
 *
 * <p>Results are attached to the manager of the images they were computed from. A classifier may be
 * used by several threads at once, and counts its calls for all of them.
 */
@ProviderType
public interface Classifier {

    /**
     * Returns the shape of one image.
     *
     * @return the shape (C, H, W)
     */
    Shape inputShape();

    /**
     * Returns the number of classes.
     *
     * @return K
     */
    int classes();

    /**
     * Returns the interval in which pixels lie.
     *
     * @return the bounds
     */
    Bounds bounds();

    /**
     * Returns the input of the network for images: scaled, the mean subtracted. The paper's ρ₂ is
     * measured in this space.
     *
     * @param images images (N, C, H, W)
     * @return network inputs (N, C, H, W), differentiable
     */
    NDArray normalize(NDArray images);

    /**
     * Returns what perturbations of pixels are in the space of the network's inputs: the linear
     * part of {@link #normalize}.
     *
     * @param perturbations perturbations of pixels (N, C, H, W)
     * @return perturbations of network inputs (N, C, H, W), differentiable
     */
    NDArray scale(NDArray perturbations);

    /**
     * Returns the logits without recording a graph.
     *
     * @param images images (N, C, H, W)
     * @return logits (N, K)
     */
    NDArray predict(NDArray images);

    /**
     * Returns the logits with a graph to the images, if they require a gradient, and to the
     * parameters of the network.
     *
     * @param images images (N, C, H, W)
     * @return logits (N, K)
     */
    NDArray logits(NDArray images);

    /**
     * Returns the vector-Jacobian product vᵀ·∂output/∂input. It leaves the graph of the output
     * usable, and no trace in the gradients of the parameters.
     *
     * @param output an array computed from the input, of any shape
     * @param input an array that requires a gradient, usually images (N, C, H, W)
     * @param cotangent v, in the shape of the output
     * @param createGraph whether the product is itself to be differentiable
     * @return the product, in the shape of the input
     */
    NDArray gradient(NDArray output, NDArray input, NDArray cotangent, boolean createGraph);

    /**
     * Returns M vector-Jacobian products in one call.
     *
     * @param output an array computed from the input, of shape S
     * @param input an array that requires a gradient, usually images (N, C, H, W)
     * @param cotangents M cotangents, of shape (M, S)
     * @return the products without a graph, of shape (M, N, C, H, W) for images
     */
    NDArray gradients(NDArray output, NDArray input, NDArray cotangents);

    /**
     * Returns how often the network was evaluated and differentiated so far.
     *
     * @return the number of calls for one image each, since the classifier was created
     */
    Calls calls();

    /**
     * Evaluates a loss of each image and its gradient with respect to the pixels: all that most
     * gradient attacks need.
     *
     * @param images images (N, C, H, W); not changed
     * @param loss takes logits (N, K) and returns one differentiable loss a sample, (N)
     * @return logits, losses and gradients, without a graph
     */
    default LossGradient lossGradient(NDArray images, UnaryOperator<NDArray> loss) {
        LossGradient result;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = images.stopGradient();
            x.setRequiresGradient(true);
            NDArray logits = logits(x);
            NDArray losses = loss.apply(logits);
            NDArray gradient = gradient(losses, x, losses.onesLike(), false);
            result = new LossGradient(logits.stopGradient(), losses.stopGradient(), gradient);
            result.unregister();
        }
        result.register();
        return result;
    }

    /**
     * Evaluates the loss of a criterion and its gradient with respect to the pixels. The graph ends
     * at the logits, whose derivative the loss knows in closed form.
     *
     * @param images images (N, C, H, W); not changed
     * @param loss the loss of these images, such as that of their criterion
     * @return logits, losses and gradients, without a graph
     */
    default LossGradient lossGradient(NDArray images, LogitLoss loss) {
        LossGradient result;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = images.stopGradient();
            x.setRequiresGradient(true);
            NDArray output = logits(x);
            NDArray logits = output.stopGradient();
            NDArray gradient = gradient(output, x, loss.derivative(logits), false);
            result = new LossGradient(logits, loss.value(logits), gradient);
            result.unregister();
        }
        result.register();
        return result;
    }

    /**
     * Logits, losses and gradients of a batch, all without a graph.
     *
     * @param logits logits (N, K)
     * @param loss losses (N)
     * @param gradient gradients of the losses with respect to the images (N, C, H, W)
     */
    record LossGradient(NDArray logits, NDArray loss, NDArray gradient) {

        private void unregister() {
            NDScope.unregister(logits, loss, gradient);
        }

        /** What leaves a scope belongs to that of the caller, if there is one. */
        private void register() {
            NDScope.register(logits);
            NDScope.register(loss);
            NDScope.register(gradient);
        }
    }

    /**
     * Numbers of calls, each for one image.
     *
     * @param forwards evaluations of the network
     * @param backwards vector-Jacobian products
     */
    record Calls(long forwards, long backwards) {

        /**
         * Returns the calls that came after others.
         *
         * @param earlier an earlier count of the same classifier
         * @return the difference
         */
        public Calls since(Calls earlier) {
            return new Calls(forwards - earlier.forwards, backwards - earlier.backwards);
        }
    }
}
