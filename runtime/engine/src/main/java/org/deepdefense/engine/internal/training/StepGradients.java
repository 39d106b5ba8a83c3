// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.WeightChange;
import org.deepdefense.djl.Autograd;
import org.deepdefense.engine.internal.classifier.Finite;

/**
 * The loss of an objective on a batch and its gradient.
 *
 * @param loss the loss
 * @param gradients a gradient for each weight
 */
record StepGradients(double loss, NDList gradients) {

    /** No network works with weights of this size. */
    private static final float DIVERGED = 1e6f;

    /**
     * Differentiates an objective.
     *
     * @param objective what is minimised
     * @param batch the whole batch
     * @param weights what to differentiate with respect to
     * @param autograd differentiates
     * @param diverged makes an error of the sign that the training has diverged, and its cause
     * @return finite numbers
     */
    @SuppressWarnings("try") // the change of the weights is there while they are differentiated
    static StepGradients of(
            Objective objective,
            Shard batch,
            NDList weights,
            Autograd autograd,
            BiFunction<String, Throwable, DeepDefenseException> diverged) {
        List<Supplier<NDArray>> losses;
        try {
            losses = List.of(objective.prepare(batch));
        } catch (DeepDefenseException e) {
            throw reason(weights, e, diverged);
        }
        try (WeightChange change = objective.perturb(losses)) {
            NDArray loss;
            try {
                loss = losses.get(0).get();
            } catch (DeepDefenseException e) {
                throw reason(weights, e, diverged);
            }
            // A scalar times a number is of double precision in DJL.
            double value = loss.toType(DataType.FLOAT32, false).getFloat();
            if (!Double.isFinite(value)) {
                throw diverged.apply("loss became " + value, null);
            }
            NDList gradients = autograd.gradients(loss, weights);
            if (!Finite.all(gradients)) {
                throw diverged.apply("gradients of the weights became NaN or infinite", null);
            }
            return new StepGradients(value, gradients);
        }
    }

    /** What an attack makes of a network that has diverged is not the attack's fault. */
    private static DeepDefenseException reason(
            NDList weights,
            DeepDefenseException error,
            BiFunction<String, Throwable, DeepDefenseException> diverged) {
        return weights.stream().anyMatch(StepGradients::isHuge)
                ? diverged.apply("weights grew beyond all bounds", error)
                : error;
    }

    private static boolean isHuge(NDArray weight) {
        NDArray largest = weight.stopGradient().abs().max();
        // Written so that a NaN counts too.
        return !(largest.toType(DataType.FLOAT32, false).getFloat() < DIVERGED);
    }
}
