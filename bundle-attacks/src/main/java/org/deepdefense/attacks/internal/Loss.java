// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.function.Supplier;
import org.deepdefense.attack.Criterion;

/**
 * Losses that attacks increase, with their derivatives by the logits in closed form, so that the
 * graph ends at the logits: for small networks that of the loss would cost more than the network.
 *
 * @param evaluation computes one loss a sample (N), for those who want to know
 * @param derivative the derivative of each loss by the logits (N, K)
 */
record Loss(Supplier<NDArray> evaluation, NDArray derivative) {

    private static final int[] CLASSES = {1};

    /** The slope that is left of the cross-entropy, as in {@link Criterion#loss}. */
    private static final double TRACE = 0x1p-24;

    /** How many of the largest logits the ratio looks at. */
    private static final int RANKS = 4;

    /** The denominator of the ratio is the first logit minus the third. */
    private static final float[] UNTARGETED = {1, 0, -1, 0};

    /** For targets it is the first minus the mean of the third and the fourth. */
    private static final float[] TARGETED_CHANGE = {0, 0, 0.5f, -0.5f};

    /**
     * The loss of a criterion: the cross-entropy of the label, or its negative where the sample is
     * targeted. Its derivative is written as that of the logarithm of the odds against the label,
     * times the probability that is left to the other classes: the difference of a probability from
     * 1 would be 0 for networks that are sure.
     *
     * @param logits logits (N, K) without a graph
     */
    static Loss crossEntropy(NDArray logits, Criterion criterion) {
        NDArray others = Logits.finite(Logits.without(logits, criterion.labels()));
        NDArray largest = others.max(CLASSES, true);
        NDArray shares = others.subi(largest).exp();
        NDArray sum = shares.sum(CLASSES, true);
        NDArray label = Logits.of(logits, criterion.labels()).reshape(-1, 1);
        NDArray lead = label.sub(largest).subi(sum.log());
        NDArray doubt = lead.exp().addi(1).pow(-1).addi(TRACE);
        NDArray derivative = shares.divi(sum).subi(oneHot(criterion.labels(), logits)).muli(doubt);
        if (Masks.any(criterion.targeted())) {
            derivative.muli(sign(criterion));
        }
        return new Loss(() -> criterion.loss(logits), derivative);
    }

    /** Returns one loss a sample (N). */
    NDArray values() {
        return evaluation.get();
    }

    /**
     * The difference of logits ratio (Croce and Hein, ICML 2020, equations 6 and 7): how far the
     * label is behind the best other class, or where the sample is targeted, ahead of it, divided
     * by the spread of the largest logits, so that the scale of the logits does not matter.
     *
     * @param logits logits (N, K) without a graph
     */
    static Loss logitsRatio(NDArray logits, Criterion criterion) {
        return ratio(
                logits,
                criterion,
                Logits.rivals(logits, criterion, 1).flatten(),
                criterion.targeted().toType(DataType.FLOAT32, false).reshape(-1, 1));
    }

    /**
     * The targeted difference of logits ratio: how far the label is behind a class (or where the
     * sample is targeted, the best other class behind the label).
     *
     * @param logits logits (N, K) without a graph
     * @param targets the class of each sample (N) that is to win; ignored for targeted samples
     */
    static Loss logitsRatio(NDArray logits, Criterion criterion, NDArray targets) {
        NDArray best = Logits.rivals(logits, criterion, 1).flatten();
        NDArray others = NDArrays.where(criterion.targeted(), best, targets);
        NDArray ones = sign(criterion).onesLike();
        return ratio(logits, criterion, others, ones);
    }

    /**
     * Returns −s·n/d and its derivative −(s·n′ + loss·d′)/d, where n is the difference of two
     * logits and d that of the largest ones. Where there is no such d, since all logits but three
     * are masked, or the largest are equal, it is 1, as with three classes or fewer.
     */
    private static Loss ratio(
            NDArray logits, Criterion criterion, NDArray others, NDArray hasTarget) {
        NDArray sign = sign(criterion);
        NDArray difference =
                oneHot(criterion.labels(), logits).subi(oneHot(others, logits)).muli(sign);
        NDArray margin =
                Logits.of(logits, criterion.labels())
                        .subi(Logits.of(logits, others))
                        .reshape(-1, 1)
                        .muli(sign);
        long classes = logits.getShape().get(1);
        if (classes < RANKS) {
            return new Loss(() -> margin.neg().flatten(), difference.neg());
        }
        NDList largest = logits.topK(RANKS, 1);
        NDArray ranks =
                hasTarget
                        .mul(logits.getManager().create(TARGETED_CHANGE))
                        .add(logits.getManager().create(UNTARGETED));
        NDArray values = Logits.finite(largest.get(0));
        NDArray known = values.mul(ranks).sum(CLASSES, true);
        NDArray masked = Logits.isMasked(values).logicalAnd(ranks.neq(0)).sum(CLASSES, true);
        NDArray isKnown = known.gt(0).logicalAnd(masked.eq(0));
        NDArray spread = NDArrays.where(isKnown, known, known.onesLike());
        NDArray spreadDerivative =
                largest.get(1)
                        .oneHot(Math.toIntExact(classes), DataType.FLOAT32)
                        .mul(ranks.expandDims(2))
                        .sum(CLASSES)
                        .muli(isKnown.toType(DataType.FLOAT32, false));
        NDArray ratio = margin.neg().divi(spread);
        NDArray derivative = spreadDerivative.muli(ratio).addi(difference).divi(spread).negi();
        return new Loss(ratio::flatten, derivative);
    }

    private static NDArray oneHot(NDArray classes, NDArray logits) {
        return classes.oneHot(Math.toIntExact(logits.getShape().get(1)), DataType.FLOAT32);
    }

    /** Returns 1 for samples that are to leave their label and −1 for those to reach it, (N, 1). */
    private static NDArray sign(Criterion criterion) {
        return criterion.targeted().toType(DataType.FLOAT32, false).muli(-2).addi(1).reshape(-1, 1);
    }
}
