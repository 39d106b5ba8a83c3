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
 * The variance-tuned momentum iterative fast gradient sign method: to each gradient is added how
 * much the mean gradient of random neighbours differed from it in the step before. Neighbours may
 * lie outside the bounds, as in the authors' code.
 *
 * @see <a href="https://arxiv.org/abs/2103.15571">Wang, He: Enhancing the Transferability of
 *     Adversarial Attacks through Variance Tuning, CVPR 2021</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.vmi_fgsm")
@AttackPlugin(
        name = "vmi-fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "momentum with gradients corrected by those of neighbours (L∞)",
        paper =
                "Wang, He: Enhancing the Transferability of Adversarial Attacks through Variance Tuning, CVPR 2021")
@Designate(ocd = VmiFgsm.Parameters.class)
public final class VmiFgsm implements FixedBudgetAttack<VmiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack vmi-fgsm")
    public @interface Parameters {

        @AttributeDefinition(
                description =
                        "number of steps, each a forward and a backward pass for the image and each neighbour",
                min = "1")
        int steps() default 10;

        @AttributeDefinition(description = Describe.RELATIVE_STEP, min = "0")
        double relativeStepSize() default 0.1;

        @AttributeDefinition(description = Describe.DECAY, min = "0")
        double decay() default 1;

        @AttributeDefinition(description = "number of neighbours (N in the paper)", min = "1")
        int neighbors() default 5;

        @AttributeDefinition(
                description =
                        "largest distance of a neighbour as a multiple of epsilon (β in the paper)",
                min = "0")
        double neighborhood() default 1.5;

        @AttributeDefinition(description = Describe.EARLY_STOP)
        boolean earlyStop() default true;
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
                        new Ascent.Plan(
                                Norm.LINF, context.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climb(
                        images,
                        criterion,
                        Momentum.of(
                                p.decay(),
                                new Varied(p.neighbors(), p.neighborhood() * context.epsilon())));
    }

    /** Adds to the gradient its variance, that of the neighbours in the step before. */
    private record Varied(int neighbors, double distance) implements Guide {

        @Override
        public Course begin(Classifier classifier, ActiveSamples active, PerSample images) {
            PerSample variance = Momentum.zeros(active);
            return () -> {
                NDArray here = images.get();
                Sight sight = Sight.at(classifier, here, active.criterion());
                NDArray direction = variance.get().add(sight.gradient());
                NDArray next = sight.gradient().neg();
                for (int i = 0; i < neighbors; i++) {
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        NDArray neighbor =
                                active.random()
                                        .uniform(
                                                here.getManager(),
                                                here.getShape().slice(1),
                                                -distance,
                                                distance)
                                        .addi(here);
                        Sight there = Sight.at(classifier, neighbor, active.criterion());
                        next.addi(there.gradient().divi(neighbors));
                    }
                }
                variance.set(next);
                return new Way(
                        direction,
                        Optional.of(() -> active.criterion().isAdversarial(sight.logits())));
            };
        }
    }
}
