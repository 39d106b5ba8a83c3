// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * See {@link LogitLosses#logitsRatio(NDArray, NDArray)}: −s·n/d, where n is the lead of the label
 * over a rival, s the sign of the sample, and d the spread of the largest logits.
 */
record LogitsRatioLoss(NDArray labels, NDArray targeted, Optional<NDArray> rivals)
        implements LogitLoss {

    private static final int[] CLASSES = {1};

    /** How many of the largest logits the ratio looks at. */
    private static final int RANKS = 4;

    /** The denominator of the ratio is the first logit minus the third. */
    private static final float[] UNTARGETED = {1, 0, -1, 0};

    /** For targets it is the first minus the mean of the third and the fourth. */
    private static final float[] TARGETED_CHANGE = {0, 0, 0.5f, -0.5f};

    @Override
    public NDArray value(NDArray logits) {
        return ratio(logits, rivalsOf(logits), Spread.of(logits, hasTarget(logits))).flatten();
    }

    /** Returns −(s·n′ + loss·d′)/d. */
    @Override
    public NDArray derivative(NDArray logits) {
        NDArray others = rivalsOf(logits);
        Spread spread = Spread.of(logits, hasTarget(logits));
        NDArray difference =
                Logits.oneHot(labels, logits)
                        .subi(Logits.oneHot(others, logits))
                        .muli(Signs.of(targeted, logits));
        return spread.derivative(logits)
                .muli(ratio(logits, others, spread))
                .addi(difference)
                .divi(spread.value())
                .negi();
    }

    private NDArray ratio(NDArray logits, NDArray others, Spread spread) {
        NDArray lead = Logits.of(logits, labels).sub(Logits.of(logits, others)).reshape(-1, 1);
        return lead.mul(Signs.of(targeted, logits)).neg().div(spread.value());
    }

    private NDArray rivalsOf(NDArray logits) {
        NDArray best = Logits.rivals(logits.stopGradient(), labels, 1).flatten();
        return rivals.map(given -> NDArrays.where(targeted, best, given)).orElse(best);
    }

    /** Returns 1 where the denominator is that of a target, else 0 (N, 1). */
    private NDArray hasTarget(NDArray logits) {
        NDArray has = targeted.toType(logits.getDataType(), false).reshape(-1, 1);
        return rivals.isPresent() ? has.onesLike() : has;
    }

    @Override
    public LogitLoss map(UnaryOperator<NDArray> change) {
        return new LogitsRatioLoss(
                change.apply(labels), change.apply(targeted), rivals.map(change));
    }

    /**
     * The denominator. Where there is none, since all logits but three are masked, or the largest
     * are equal, it is 1, as with three classes or fewer.
     *
     * @param value the denominator (N, 1), differentiable
     * @param classes the classes of the largest logits (N, 4)
     * @param weights the weights of these logits (N, 4), 0 where the denominator is 1
     */
    private record Spread(NDArray value, Optional<NDArray> classes, Optional<NDArray> weights) {

        static Spread of(NDArray logits, NDArray hasTarget) {
            if (logits.getShape().get(1) < RANKS) {
                return new Spread(hasTarget.onesLike(), Optional.empty(), Optional.empty());
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
            return new Spread(
                    NDArrays.where(isKnown, known, known.onesLike()),
                    Optional.of(largest.get(1)),
                    Optional.of(ranks.mul(isKnown.toType(logits.getDataType(), false))));
        }

        /** Returns its derivative by the logits (N, K). */
        NDArray derivative(NDArray logits) {
            if (classes.isEmpty()) {
                return logits.zerosLike();
            }
            return classes.get()
                    .oneHot(Math.toIntExact(logits.getShape().get(1)), logits.getDataType())
                    .mul(weights.get().expandDims(2))
                    .sum(CLASSES);
        }
    }
}
