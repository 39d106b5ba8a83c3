// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLosses;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.loss.Losses;

/** What an attack makes of every row of a batch, those too that are misclassified already. */
final class WorstCases {

    private WorstCases() {}

    /**
     * Raises the cross-entropy of the labels.
     *
     * @return attacked images (n, C, H, W) without a graph
     */
    static NDArray of(DefenseContext<?> context, Shard shard) {
        return of(context, shard, Criterion.misclassification(shard.labels()));
    }

    /**
     * Raises the divergence from what the network, in evaluation mode, makes of the images.
     *
     * @return attacked images (n, C, H, W) without a graph
     */
    static NDArray farthest(DefenseContext<?> context, Shard shard) {
        NDArray probabilities = context.classifier().predict(shard.images()).softmax(1);
        return of(
                context,
                shard,
                Criterion.misclassification(shard.labels())
                        .withLoss(LogitLosses.divergence(probabilities)));
    }

    private static NDArray of(DefenseContext<?> context, Shard shard, Criterion criterion) {
        return context.attack(shard).worstCases(context.classifier(), shard.images(), criterion);
    }

    /** Returns the objective {@code mean CE(x_adv)}. */
    static Objective training(DefenseContext<?> context) {
        return shard -> {
            NDArray adversarials = of(context, shard);
            return () -> {
                NDArray logits = context.trainingLogits(adversarials);
                NDArray losses = Losses.crossEntropy(logits, shard.labels());
                report(context, shard, losses);
                return shard.shareOfMean(losses);
            };
        };
    }

    /** Shows the mean of the losses (n) of attacked images. */
    static void report(DefenseContext<?> context, Shard shard, NDArray losses) {
        context.metric(shard, "adversarial-loss", losses.stopGradient().mean().getFloat());
    }
}
