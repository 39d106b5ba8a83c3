// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/** What may be done with the images that an attack returned before they are judged. */
public final class Refinement {

    /** Halvings of the path: its end is found to a thousandth of the perturbation. */
    private static final int STEPS = 10;

    private static final int LEVELS = 255;

    private Refinement() {}

    /**
     * Searches the path from the clean image to the adversarial one for the nearest point that
     * still fulfils the criterion, by bisection. The path is the one on which the norm falls while
     * as much as possible of the perturbation stays: the straight line for L1 and L2, clipping at a
     * falling maximum for L∞, and giving the least changed components back one after the other for
     * L0. An image never gets worse: the point found is one that was tried.
     *
     * @param outcome what came of the attack
     * @param norm the norm that is made small
     * @param classifier the network
     * @param images the clean images (N, C, H, W)
     * @param checkCancelled called before each halving
     * @return the outcome with perturbations that are as large or smaller
     */
    public static AttackOutcome tighten(
            AttackOutcome outcome,
            Norm norm,
            Classifier classifier,
            NDArray images,
            Runnable checkCancelled) {
        long[] rows =
                outcome.attacked().logicalAnd(outcome.success()).nonzero().flatten().toLongArray();
        if (rows.length == 0) {
            return outcome;
        }
        NDManager manager = images.getManager();
        NDArray adversarials = outcome.adversarials().duplicate();
        NDArray logits = outcome.adversarialLogits().duplicate();
        NDArray index = manager.create(rows);
        NDIndex fooled = new NDIndex("{}", index);
        NDArray clean = images.get(fooled);
        NDArray far = adversarials.get(fooled);
        NDArray reach = reach(norm, far.sub(clean));
        Criterion goal = outcome.criterion().select(index);
        float[] low = new float[rows.length];
        float[] high = new float[rows.length];
        Arrays.fill(high, 1);
        for (int step = 0; step < STEPS; step++) {
            checkCancelled.run();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                float[] middle = new float[rows.length];
                for (int i = 0; i < middle.length; i++) {
                    middle[i] = (low[i] + high[i]) / 2;
                }
                NDArray candidates = along(norm, clean, far, reach, manager.create(middle));
                NDArray outputs = classifier.predict(candidates);
                boolean[] success = goal.isAdversarial(outputs).toBooleanArray();
                for (int i = 0; i < rows.length; i++) {
                    (success[i] ? high : low)[i] = middle[i];
                }
                int[] nearer = IntStream.range(0, rows.length).filter(i -> success[i]).toArray();
                if (nearer.length > 0) {
                    NDIndex from = new NDIndex("{}", manager.create(asLongs(nearer, i -> i)));
                    NDIndex to = new NDIndex("{}", manager.create(asLongs(nearer, i -> rows[i])));
                    adversarials.set(to, candidates.get(from));
                    logits.set(to, outputs.get(from));
                }
            }
        }
        return new AttackOutcome(
                adversarials,
                outcome.attacked(),
                outcome.success(),
                outcome.finiteGradients(),
                outcome.logits(),
                logits,
                outcome.criterion());
    }

    private static long[] asLongs(int[] positions, IntToLongFunction value) {
        return Arrays.stream(positions).mapToLong(value).toArray();
    }

    /**
     * Returns what the path needs to know of the perturbations: their largest component (N) for L∞,
     * the rank of each component (N, P), from the most changed to the least, for L0.
     */
    private static NDArray reach(Norm norm, NDArray perturbations) {
        return switch (norm) {
            case L0 ->
                    perturbations
                            .reshape(perturbations.getShape().get(0), -1)
                            .abs()
                            .neg()
                            .argSort(1)
                            .argSort(1)
                            .toType(DataType.FLOAT32, false);
            case L1, L2 -> perturbations;
            case LINF -> Norm.LINF.of(perturbations);
        };
    }

    /** Returns the points at shares (N) of the norm. */
    private static NDArray along(
            Norm norm, NDArray clean, NDArray far, NDArray reach, NDArray shares) {
        return switch (norm) {
            case L0 -> {
                NDArray count = Norm.L0.of(far.sub(clean)).mul(shares).round();
                NDArray kept = reach.lt(count.reshape(new Shape(count.size(), 1)));
                yield NDArrays.where(kept.reshape(far.getShape()), far, clean);
            }
            case L1, L2 -> between(clean, far, clean.add(reach.mul(Norm.broadcast(shares, clean))));
            case LINF -> {
                NDArray most = Norm.broadcast(reach.mul(shares), clean);
                NDArray clipped = far.sub(clean).minimum(most).maximum(most.neg());
                yield between(clean, far, clean.add(clipped));
            }
        };
    }

    /** Rounding must not carry a point out of the bounds in which both ends lie. */
    private static NDArray between(NDArray clean, NDArray far, NDArray points) {
        return points.minimum(clean.maximum(far)).maximum(clean.minimum(far));
    }

    /**
     * Judges the images as they are after they were stored with 8 bits a channel: what fooled the
     * network has to do so still. What does so only then may have left the budget by rounding.
     *
     * @param outcome what came of the attack
     * @param classifier the network
     * @return the outcome with the success and the logits of the rounded images; the images
     *     themselves are as they were
     */
    public static AttackOutcome eightBit(AttackOutcome outcome, Classifier classifier) {
        Bounds bounds = classifier.bounds();
        NDArray levels =
                outcome.adversarials()
                        .clip(bounds.min(), bounds.max())
                        .sub(bounds.min())
                        .mul(LEVELS / bounds.range())
                        .round();
        NDArray stored = levels.mul(bounds.range() / LEVELS).add(bounds.min());
        NDArray outputs = classifier.predict(stored);
        NDArray attacked = outcome.attacked();
        NDArray success =
                outcome.success()
                        .logicalAnd(
                                attacked.logicalNot()
                                        .logicalOr(outcome.criterion().isAdversarial(outputs)));
        return new AttackOutcome(
                outcome.adversarials(),
                attacked,
                success,
                outcome.finiteGradients(),
                outcome.logits(),
                outputs,
                outcome.criterion());
    }
}
