// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Logits;
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
 * MART, misclassification aware adversarial training (equation 11 of its paper):
 *
 * <pre>mean BCE(p(x_adv), y) + λ · mean KL(p(x) ‖ p(x_adv)) · (1 − p_y(x)),</pre>
 *
 * with the boosted cross-entropy BCE(p, y) = −log p_y − log(1 − max_{k≠y} p_k): images that the
 * network gets wrong count most in the second term. x_adv is where an attack finds the
 * cross-entropy largest.
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.mart")
@DefensePlugin(
        name = "mart",
        description = "Trains on worst cases, with regard to images that are misclassified",
        paper =
                "Wang, Zou, Yi, Bailey, Ma, Gu: Improving Adversarial Robustness Requires Revisiting"
                        + " Misclassified Examples, ICLR 2020",
        attack = "pgd:steps=10,relativeStepSize=0.25",
        early_stop = false,
        learning_rate = 1e-2)
@Designate(ocd = Mart.Parameters.class)
public final class Mart implements Defense<Mart.Parameters> {

    /** The parameters. */
    @ObjectClassDefinition(name = "MART")
    public @interface Parameters {

        /**
         * Returns λ.
         *
         * @return the weight of the divergence
         */
        @AttributeDefinition(
                description =
                        "Weight of the divergence between the probabilities of images and attacked"
                                + " images",
                min = "0")
        double lambda() default 5;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return shard -> {
            NDArray adversarials = WorstCases.of(context, shard);
            return () -> loss(context, shard, adversarials);
        };
    }

    private static NDArray loss(
            DefenseContext<Parameters> context, Shard shard, NDArray adversarials) {
        NDArray labels = shard.labels();
        NDArray clean = context.trainingLogits(shard.images());
        NDArray attacked = context.trainingLogits(adversarials);
        NDArray rivals = Logits.rivals(attacked.stopGradient(), labels, 1).flatten();
        NDArray crossEntropy = Losses.crossEntropy(attacked, labels);
        NDArray boosted = crossEntropy.sub(Losses.logOfOthers(attacked, rivals));
        WorstCases.report(context, shard, crossEntropy);
        NDArray doubt = Losses.logOfOthers(clean, labels).exp();
        NDArray weighted = Losses.divergence(clean, attacked).mul(doubt);
        double lambda = context.parameters().lambda();
        return shard.shareOfMean(boosted.add(weighted.mul(Constants.scalar(lambda, weighted))));
    }
}
