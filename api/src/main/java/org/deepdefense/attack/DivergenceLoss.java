// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.function.UnaryOperator;

/** See {@link LogitLosses#divergence}. */
record DivergenceLoss(NDArray probabilities) implements LogitLoss {

    @Override
    public NDArray value(NDArray logits) {
        NDArray possible = probabilities.gt(0);
        NDArray zeros = probabilities.zerosLike();
        // What p rules out counts nothing, whatever q is: 0·log 0 = 0.
        NDArray logQ = NDArrays.where(possible, logits.logSoftmax(1), zeros);
        NDArray logP = NDArrays.where(possible, probabilities, probabilities.onesLike()).log();
        return logP.sub(logQ).mul(probabilities).sum(new int[] {1});
    }

    @Override
    public NDArray derivative(NDArray logits) {
        return logits.softmax(1).subi(probabilities);
    }

    @Override
    public LogitLoss map(UnaryOperator<NDArray> change) {
        return new DivergenceLoss(change.apply(probabilities));
    }
}
