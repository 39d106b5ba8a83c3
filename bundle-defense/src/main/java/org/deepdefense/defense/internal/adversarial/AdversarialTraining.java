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
 * Adversarial training: the cross-entropy of images and of what an attack makes of them, {@code (1
 * − α)·CE(x) + α·CE(x_adv)}. With FGSM it is that of Goodfellow et al.; with DeepFool, the
 * fine-tuning of Moosavi-Dezfooli et al. (CVPR 2016, section 4.2). Images that are misclassified
 * already are attacked like the others, and attacks do not stop at the first success, as it is
 * their largest loss that is trained on.
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.adversarial_training")
@DefensePlugin(
        name = "adversarial-training",
        description = "Trains on images and on adversarial examples of any attack",
        paper =
                "Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples, ICLR"
                        + " 2015",
        attack = "fgsm:epsilon=0.1",
        early_stop = false,
        learning_rate = 8e-3)
@Designate(ocd = AdversarialTraining.Parameters.class)
public final class AdversarialTraining implements Defense<AdversarialTraining.Parameters> {

    /** The parameters. */
    @ObjectClassDefinition(name = "Adversarial training")
    public @interface Parameters {

        /**
         * Returns α.
         *
         * @return the share of adversarial examples in the loss
         */
        @AttributeDefinition(
                description = "Share of the adversarial examples in the loss",
                min = "0",
                max = "1")
        double alpha() default 0.5;
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
        double alpha = context.parameters().alpha();
        NDArray labels = shard.labels();
        NDArray losses =
                Losses.crossEntropy(
                        context.trainingLogits(shard.images().concat(adversarials, 0)),
                        labels.concat(labels, 0));
        NDArray clean = shard.shareOfMean(losses.get("0:" + shard.size()));
        NDArray attacked = losses.get(shard.size() + ":");
        WorstCases.report(context, shard, attacked);
        return clean.mul(Constants.scalar(1 - alpha, clean))
                .add(shard.shareOfMean(attacked).mul(Constants.scalar(alpha, clean)));
    }
}
