package org.deepdefense.attacks.internal;

import ai.djl.ndarray.NDArray;
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

    /** Added to the logit of a class that is to be left out of a maximum. */
    private static final float EXCLUDED = -1e9f;

    /** How many of the largest logits the ratio looks at. */
    private static final int RANKS = 4;

    /** The denominator of the ratio is the first logit minus the third. */
    private static final float[] UNTARGETED = {1, 0, -1, 0};

    /** For targets it is the first minus the mean of the third and the fourth. */
    private static final float[] TARGETED_CHANGE = {0, 0, 0.5f, -0.5f};

    private static final double TINY = 1e-12;

    /**
     * The cross-entropy of the label, or its negative where the sample is targeted.
     *
     * @param logits logits (N, K) without a graph
     */
    static Loss crossEntropy(NDArray logits, Criterion criterion) {
        NDArray isLabel = oneHot(criterion.labels(), logits);
        NDArray derivative = logits.softmax(1).subi(isLabel);
        if (Masks.any(criterion.targeted())) {
            derivative.muli(sign(criterion));
        }
        return new Loss(
                () ->
                        logits.logSoftmax(1)
                                .muli(isLabel)
                                .sum(CLASSES, true)
                                .muli(sign(criterion).negi())
                                .flatten(),
                derivative);
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
        NDArray isLabel = oneHot(criterion.labels(), logits);
        NDArray best = logits.add(isLabel.mul(EXCLUDED)).argMax(1);
        return ratio(
                logits,
                isLabel,
                oneHot(best, logits),
                sign(criterion),
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
        NDArray isLabel = oneHot(criterion.labels(), logits);
        NDArray isTargeted = criterion.targeted().toType(DataType.FLOAT32, false).reshape(-1, 1);
        NDArray best = oneHot(logits.add(isLabel.mul(EXCLUDED)).argMax(1), logits);
        NDArray target = oneHot(targets, logits);
        NDArray other = best.subi(target).muli(isTargeted).addi(target);
        return ratio(logits, isLabel, other, sign(criterion), isTargeted.onesLike());
    }

    /**
     * Returns −s·n/d and its derivative −(s·n′ + loss·d′)/d, where n is the difference of two
     * logits and d that of the largest ones. With three classes or fewer there is no such d: it is
     * 1.
     */
    private static Loss ratio(
            NDArray logits, NDArray isLabel, NDArray isOther, NDArray sign, NDArray hasTarget) {
        NDArray difference = isLabel.sub(isOther).muli(sign);
        NDArray margin = logits.mul(difference).sum(CLASSES, true);
        long classes = logits.getShape().get(1);
        if (classes < RANKS) {
            return new Loss(() -> margin.neg().flatten(), difference.neg());
        }
        NDList largest = logits.topK(RANKS, 1);
        NDArray ranks =
                hasTarget
                        .mul(logits.getManager().create(TARGETED_CHANGE))
                        .add(logits.getManager().create(UNTARGETED));
        NDArray spread = largest.get(0).mul(ranks).sum(CLASSES, true).addi(TINY);
        NDArray spreadDerivative =
                largest.get(1)
                        .oneHot(Math.toIntExact(classes), DataType.FLOAT32)
                        .mul(ranks.expandDims(2))
                        .sum(CLASSES);
        NDArray values = margin.neg().divi(spread);
        NDArray derivative = spreadDerivative.muli(values).addi(difference).divi(spread).negi();
        return new Loss(values::flatten, derivative);
    }

    private static NDArray oneHot(NDArray classes, NDArray logits) {
        return classes.oneHot(Math.toIntExact(logits.getShape().get(1)), DataType.FLOAT32);
    }

    /** Returns 1 for samples that are to leave their label and −1 for those to reach it, (N, 1). */
    private static NDArray sign(Criterion criterion) {
        return criterion.targeted().toType(DataType.FLOAT32, false).muli(-2).addi(1).reshape(-1, 1);
    }
}
