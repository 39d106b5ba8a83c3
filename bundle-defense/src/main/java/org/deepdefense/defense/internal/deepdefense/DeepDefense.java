// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.deepdefense;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.defense.AttackRunner;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.DefensePlugin;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.loss.Losses;
import org.deepdefense.model.Classifier;
import org.deepdefense.model.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Deep Defense: the cross-entropy plus a regulariser on the size of the perturbation that an attack
 * needs, relative to the image (equations 4 to 6). With ρ = ‖Δ‖₂/‖x‖₂ in the space of the network's
 * inputs and batches of B images:
 *
 * <pre>mean CE + λ/B · Σ_correct exp(−c·ρ) + λ/B · Σ_wrong exp(d·ρ)</pre>
 *
 * Correctly classified images are attacked away from their label, the others towards it. The
 * network stays in evaluation mode: the perturbation is that of the network as it will be used, and
 * one forward pass serves the cross-entropy and the attack.
 *
 * <p>This is the formula. The authors' code adds 5e-6 to each component of a gradient inside the
 * norms of DeepFool's steps, so that on raw pixels its ρ differs from this one by up to 2e-3; with
 * the formula in double precision this one agrees to 2e-6.
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.deep_defense")
@DefensePlugin(
        name = "deep-defense",
        description = "Fine-tunes a network so that attacks need larger perturbations",
        paper =
                "Yan, Guo, Zhang: Deep Defense: Training DNNs with Improved Adversarial Robustness,"
                        + " NeurIPS 2018",
        attack = "deepfool:iterations=5",
        learning_rate = 8e-3)
@Designate(ocd = DeepDefense.Parameters.class)
public final class DeepDefense implements Defense<DeepDefense.Parameters> {

    /**
     * exp(d·ρ) grows without bound; beyond this exponent it is constant. With the paper's d that is
     * a perturbation of twice the size of the image, where one step would ruin the network.
     */
    private static final double MAX_EXPONENT = 10;

    /** The parameters, named as in the paper. */
    @ObjectClassDefinition(name = "Deep Defense")
    public @interface Parameters {

        /**
         * Returns λ.
         *
         * @return the weight of the regulariser
         */
        @AttributeDefinition(
                description = "Weight of the regulariser against the cross-entropy",
                min = "0")
        double lambda() default 15;

        /**
         * Returns c.
         *
         * @return the slope for correctly classified images
         */
        @AttributeDefinition(
                description =
                        "How fast the regulariser falls with the relative perturbation of images"
                                + " that are classified correctly",
                min = "0")
        double c() default 25;

        /**
         * Returns d.
         *
         * @return the slope for misclassified images
         */
        @AttributeDefinition(
                description =
                        "How fast the regulariser rises with the relative perturbation that would"
                                + " correct a misclassified image",
                min = "0")
        double d() default 5;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return shard -> () -> loss(context, shard);
    }

    private static NDArray loss(DefenseContext<Parameters> context, Shard shard) {
        Parameters parameters = context.parameters();
        Classifier classifier = context.classifier();
        NDArray labels = shard.labels();
        NDArray x = shard.images().stopGradient().duplicate();
        x.setRequiresGradient(true);
        NDArray logits = classifier.logits(x);
        NDArray wrong = logits.stopGradient().argMax(1).neq(labels);
        Criterion criterion = Criterion.of(labels, wrong);
        AttackRunner attack = context.attack(shard);
        Perturbations perturbations =
                attack.isDifferentiable()
                        ? Perturbations.differentiated(attack, classifier, x, logits, criterion)
                        : Perturbations.linearised(attack, classifier, x, logits, criterion);
        NDArray rho = perturbations.size().div(norms(classifier.normalize(x.stopGradient())));
        NDArray exponent =
                NDArrays.where(
                        wrong,
                        rho.mul(Constants.scalar(parameters.d(), rho))
                                .minimum(Constants.scalar(MAX_EXPONENT, rho)),
                        rho.mul(Constants.scalar(-parameters.c(), rho)));
        NDArray penalties = NDArrays.where(perturbations.known(), exponent.exp(), rho.zerosLike());
        context.metric(shard, "rho", rho.stopGradient().mean().getFloat());
        return shard.shareOfMean(
                Losses.crossEntropy(logits, labels)
                        .add(penalties.mul(Constants.scalar(parameters.lambda(), rho))));
    }

    private static NDArray norms(NDArray inputs) {
        return Norm.L2.of(inputs).maximum(Float.MIN_NORMAL);
    }
}
