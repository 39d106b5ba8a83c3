// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.deepdefense.attack.LogitLoss;

/**
 * The negative of a loss: an attack that increases it makes a network surer of what is right.
 *
 * @param loss the loss
 */
record OppositeLoss(LogitLoss loss) implements LogitLoss {

    @Override
    public NDArray value(NDArray logits) {
        return loss.value(logits).neg();
    }

    @Override
    public NDArray derivative(NDArray logits) {
        return loss.derivative(logits).neg();
    }

    @Override
    public LogitLoss map(UnaryOperator<NDArray> change) {
        return new OppositeLoss(loss.map(change));
    }
}
