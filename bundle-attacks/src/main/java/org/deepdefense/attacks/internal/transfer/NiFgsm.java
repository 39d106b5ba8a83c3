// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Describe;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Sight;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Nesterov's accelerated gradient for attacks: as MI-FGSM, but the gradient is taken where the
 * momentum will lead, also outside the bounds. With several scales it is SI-NI-FGSM: the gradient
 * is the mean of those at the image and at its copies divided by 2, 4 and so on. As the iterates
 * themselves are never shown to the network, no image leaves early.
 *
 * @see <a href="https://arxiv.org/abs/1908.06281">Lin, Song, He, Wang, Hopcroft: Nesterov
 *     Accelerated Gradient and Scale Invariance for Adversarial Attacks, ICLR 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.ni_fgsm")
@AttackPlugin(
        name = "ni-fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "momentum with gradients taken ahead of the iterate (L∞)",
        paper =
                "Lin, Song, He, Wang, Hopcroft: Nesterov Accelerated Gradient and Scale Invariance for Adversarial Attacks, ICLR 2020")
@Designate(ocd = NiFgsm.Parameters.class)
public final class NiFgsm implements FixedBudgetAttack<NiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack ni-fgsm")
    public @interface Parameters {

        @AttributeDefinition(
                description = "number of steps, each a forward and a backward pass for each scale",
                min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.1;

        @AttributeDefinition(description = Describe.DECAY, min = "0")
        double decay() default 1;

        @AttributeDefinition(
                description =
                        "number of copies of the image, each half as bright as the one before (m in the paper; 5 for SI-NI-FGSM)",
                min = "1")
        int scales() default 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        double stepSize = p.relativeStepSize() * context.epsilon();
        return new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(Norm.LINF, context.epsilon(), p.steps(), stepSize, false))
                .climb(
                        images,
                        criterion,
                        new Momentum(p.decay(), new Ahead(stepSize * p.decay(), p.scales())));
    }

    /** Takes gradients ahead of the image, at several brightnesses. */
    private record Ahead(double distance, int scales) implements Momentum.Source {

        @Override
        public Guide.Course begin(
                Classifier classifier, ActiveSamples active, PerSample images, PerSample sum) {
            return () -> {
                NDArray ahead = sum.get().mul(distance).addi(images.get());
                NDArray mean = ahead.zerosLike();
                for (double scale = 1; scale > Math.pow(2, -scales); scale /= 2) {
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        Sight sight = Sight.at(classifier, ahead.mul(scale), active.criterion());
                        mean.addi(sight.gradient().muli(scale / scales));
                    }
                }
                return new Guide.Way(mean, Optional.empty());
            };
        }
    }
}
