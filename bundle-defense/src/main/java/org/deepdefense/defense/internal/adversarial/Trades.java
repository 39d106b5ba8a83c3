// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import ai.djl.ndarray.NDArray;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.DefensePlugin;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.loss.Losses;
import org.deepdefense.model.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * TRADES: accuracy on images, and probabilities that change little around them (equation 5 of its
 * paper, β = 1/λ there),
 *
 * <pre>mean CE(f(x), y) + β · mean KL(p(x) ‖ p(x_adv)),</pre>
 *
 * where x_adv is where an attack finds the divergence of the second term largest. The gradient
 * flows through both p(x) and p(x_adv). The divergence is flat at x itself: an attack that does not
 * start at a random point finds nothing to climb.
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.trades")
@DefensePlugin(
        name = "trades",
        description = "Trains for accuracy and for probabilities that attacks change little",
        paper =
                "Zhang, Yu, Jiao, Xing, El Ghaoui, Jordan: Theoretically Principled Trade-off"
                        + " between Robustness and Accuracy, ICML 2019",
        attack = "pgd:steps=10,relativeStepSize=0.25",
        early_stop = false,
        learning_rate = 1e-2)
@Designate(ocd = Trades.Parameters.class)
public final class Trades implements Defense<Trades.Parameters> {

    /** The parameters. */
    @ObjectClassDefinition(name = "TRADES")
    public @interface Parameters {

        /**
         * Returns β.
         *
         * @return the weight of the divergence
         */
        @AttributeDefinition(
                description =
                        "Weight of the divergence between the probabilities of images and attacked"
                                + " images; the authors take 6 on CIFAR-10 and 1 on MNIST",
                min = "0")
        double beta() default 6;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return shard -> {
            NDArray adversarials = WorstCases.farthest(context, shard);
            return () -> loss(context, shard, adversarials);
        };
    }

    private static NDArray loss(
            DefenseContext<Parameters> context, Shard shard, NDArray adversarials) {
        NDArray clean = context.trainingLogits(shard.images());
        NDArray attacked = context.trainingLogits(adversarials);
        NDArray divergence = Losses.divergence(clean, attacked);
        context.metric(shard, "divergence", divergence.stopGradient().mean().getFloat());
        double beta = context.parameters().beta();
        return shard.shareOfMean(
                Losses.crossEntropy(clean, shard.labels())
                        .add(divergence.mul(Constants.scalar(beta, divergence))));
    }
}
