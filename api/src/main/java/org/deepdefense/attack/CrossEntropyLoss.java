// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.function.UnaryOperator;
import org.deepdefense.model.Constants;

/** See {@link LogitLosses#crossEntropy}. */
record CrossEntropyLoss(NDArray labels, NDArray targeted) implements LogitLoss {

    private static final int[] CLASSES = {1};

    /** What float32 leaves of the doubts of a network that is sure. */
    private static final double TRACE = 0x1p-24;

    @Override
    public NDArray value(NDArray logits) {
        // Chosen, not multiplied: a class that is ruled out has minus infinity.
        NDArray logProbability = Logits.of(logits.logSoftmax(1), labels);
        NDArray odds = Logits.of(logits, labels).sub(others(logits));
        NDArray sum = logProbability.add(odds.mul(Constants.scalar(TRACE, odds)));
        return NDArrays.where(targeted, sum, sum.neg());
    }

    /** Returns the logarithm of the sum of the exponentials of all logits but the label's (N). */
    private NDArray others(NDArray logits) {
        NDArray lowest =
                logits.getManager().full(logits.getShape(), -Float.MAX_VALUE, logits.getDataType());
        NDArray isLabel = labels.oneHot((int) logits.getShape().get(1), DataType.BOOLEAN);
        NDArray others = NDArrays.maximum(NDArrays.where(isLabel, lowest, logits), lowest);
        return others.max(CLASSES).sub(others.logSoftmax(1).max(CLASSES));
    }

    /**
     * Returns the derivative of the logarithm of the odds against the label, times the probability
     * that is left to the other classes: the difference of a probability from 1 would be 0 for
     * networks that are sure.
     */
    @Override
    public NDArray derivative(NDArray logits) {
        NDArray others = Logits.finite(Logits.without(logits, labels));
        NDArray largest = others.max(CLASSES, true);
        NDArray shares = others.subi(largest).exp();
        NDArray sum = shares.sum(CLASSES, true);
        NDArray label = Logits.of(logits, labels).reshape(-1, 1);
        NDArray lead = label.sub(largest).subi(sum.log());
        NDArray doubt = lead.exp().addi(1).pow(-1).addi(TRACE);
        NDArray derivative = shares.divi(sum).subi(Logits.oneHot(labels, logits)).muli(doubt);
        return derivative.muli(Signs.of(targeted, logits));
    }

    @Override
    public LogitLoss map(UnaryOperator<NDArray> change) {
        return new CrossEntropyLoss(change.apply(labels), change.apply(targeted));
    }
}
