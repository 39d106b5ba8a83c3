// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.deepdefense;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.model.Classifier;

/**
 * How large the perturbations are that an attack needs for a batch, in the Euclidean norm of the
 * network's inputs.
 *
 * @param size sizes (N), differentiable
 * @param known for which samples the size means something (N), boolean; the others have the size 0
 */
record Perturbations(NDArray size, NDArray known) {

    private static final int[] CLASSES = {1};

    /**
     * The least cosine of the angle between a direction and the gradient of a boundary. Below it
     * the way along the direction is hundreds of times as long as the shortest, and its derivative
     * so large that it would ruin the network.
     */
    private static final double LEAST_COSINE = 5e-3;

    /**
     * Differentiates the perturbation itself.
     *
     * @param attack a differentiable attack
     * @param classifier the network
     * @param x images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with the graph
     * @param criterion what the attack is to reach
     * @return the sizes
     */
    static Perturbations differentiated(
            AttackRunner attack,
            Classifier classifier,
            NDArray x,
            NDArray logits,
            Criterion criterion) {
        NDArray delta = classifier.scale(attack.perturbation(classifier, x, logits, criterion));
        NDArray rows = delta.reshape(delta.getShape().get(0), -1);
        NDArray square = rows.square().sum(CLASSES);
        NDArray known = square.stopGradient().gt(0);
        // The derivative of a root is infinite at 0, where no perturbation was found.
        NDArray size =
                NDArrays.where(known, square, square.onesLike())
                        .sqrt()
                        .mul(known.toType(square.getDataType(), false));
        return new Perturbations(size, known);
    }

    /**
     * Takes only the direction u from the attack, as a constant, and measures along it the
     * first-order distance to the boundary between the class a of the image and the class b that
     * the attack found, (z_a − z_b)(x) / ⟨∇(z_b − z_a)(x), u⟩, which is differentiable in the
     * parameters whatever the attack.
     *
     * @param attack any attack
     * @param classifier the network
     * @param x images (N, C, H, W) that require a gradient
     * @param logits their logits (N, K) with the graph
     * @param criterion what the attack is to reach
     * @return the sizes; unknown where the attack did not move, or moved along that boundary or
     *     away from it
     */
    static Perturbations linearised(
            AttackRunner attack,
            Classifier classifier,
            NDArray x,
            NDArray logits,
            Criterion criterion) {
        NDArray clean = x.stopGradient();
        NDArray adversarials = attack.adversarials(classifier, clean, criterion);
        NDArray move = adversarials.sub(clean);
        NDArray length = Norm.L2.of(move);
        NDArray moved = length.gt(0);
        NDArray u =
                move.div(Norm.broadcast(NDArrays.where(moved, length, length.onesLike()), move));

        int classes = Math.toIntExact(logits.getShape().get(1));
        NDArray from = logits.stopGradient().argMax(1);
        NDArray fromOneHot = from.oneHot(classes);
        // An attack that failed leaves the class; the boundary that it came nearest to is the next.
        NDArray outputs = classifier.predict(adversarials);
        NDArray lowest = outputs.getManager().full(outputs.getShape(), Float.NEGATIVE_INFINITY);
        NDArray others =
                NDArrays.where(fromOneHot.toType(DataType.BOOLEAN, false), lowest, outputs);
        NDArray to = NDArrays.where(criterion.targeted(), criterion.labels(), others.argMax(1));
        NDArray cotangent = to.oneHot(classes).sub(fromOneHot);

        NDArray gradient = classifier.gradient(logits, x, cotangent, true);
        NDArray slope = gradient.mul(u).reshape(gradient.getShape().get(0), -1).sum(CLASSES);
        // Chosen, not multiplied: a class that is ruled out has minus infinity.
        NDArray gap = chosen(logits, from).sub(chosen(logits, to));
        NDArray least = Norm.L2.of(gradient.stopGradient()).mul(LEAST_COSINE);
        NDArray known = slope.stopGradient().gt(least).logicalAnd(moved);
        NDArray distance = gap.div(NDArrays.where(known, slope, slope.onesLike()));
        NDArray size = distance.mul(Norm.L2.of(classifier.scale(u)));
        return new Perturbations(NDArrays.where(known, size, size.zerosLike()), known);
    }

    /** Returns one logit (N) of each sample. */
    private static NDArray chosen(NDArray logits, NDArray classes) {
        return logits.gather(classes.expandDims(1), 1).squeeze(1);
    }
}
