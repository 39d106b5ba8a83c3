// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.function.UnaryOperator;

/** See {@link LogitLosses#margin}. */
record MarginLoss(NDArray labels, NDArray targeted) implements LogitLoss {

    private static final int[] CLASSES = {1};

    @Override
    public NDArray value(NDArray logits) {
        NDArray label = Logits.of(logits, labels);
        NDArray other = Logits.without(logits, labels).max(CLASSES);
        NDArray margin = other.sub(label);
        return NDArrays.where(targeted, margin.neg(), margin);
    }

    @Override
    public NDArray derivative(NDArray logits) {
        NDArray rivals = Logits.rivals(logits, labels, 1).flatten();
        return Logits.oneHot(rivals, logits)
                .subi(Logits.oneHot(labels, logits))
                .muli(Signs.of(targeted, logits));
    }

    @Override
    public LogitLoss map(UnaryOperator<NDArray> change) {
        return new MarginLoss(change.apply(labels), change.apply(targeted));
    }
}
