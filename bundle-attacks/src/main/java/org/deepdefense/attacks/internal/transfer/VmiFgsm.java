// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Guide;
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
        description = "momentum with gradients corrected by those of neighbours (L∞)",
        paper =
                "Wang, He: Enhancing the Transferability of Adversarial Attacks through Variance Tuning, CVPR 2021")
@Designate(ocd = VmiFgsm.Parameters.class)
public final class VmiFgsm implements FixedBudgetAttack<VmiFgsm.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack vmi-fgsm")
    public @interface Parameters {

        /** Returns the radius of the L∞ ball. */
        @AttributeDefinition(
                description = "largest change of a pixel, in units of pixels, which lie in [0, 1]",
                min = "0")
        double epsilon() default 0.1;

        /** Returns the number of steps. */
        @AttributeDefinition(
                description =
                        "number of steps, each a forward and a backward pass for the image and each neighbour",
                min = "1")
        int steps() default 10;

        /** Returns the length of a step. */
        @AttributeDefinition(description = "length of a step as a multiple of epsilon", min = "0")
        double relativeStepSize() default 0.1;

        /** Returns what is kept of earlier directions. */
        @AttributeDefinition(
                description =
                        "what the sum of earlier directions is multiplied by in each step (μ in the paper)",
                min = "0")
        double decay() default 1;

        /** Returns the number of neighbours. */
        @AttributeDefinition(description = "number of neighbours (N in the paper)", min = "1")
        int neighbors() default 5;

        /** Returns how far neighbours may be. */
        @AttributeDefinition(
                description =
                        "largest distance of a neighbour as a multiple of epsilon (β in the paper)",
                min = "0")
        double neighborhood() default 1.5;

        /** Returns whether an image that is adversarial is left as it is. */
        @AttributeDefinition(
                description =
                        "whether an image stays where it is first seen to be adversarial; otherwise its loss is increased further, as in other libraries and for training on the results")
        boolean earlyStop() default true;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.LINF;
    }

    @Override
    public double epsilon(Parameters parameters) {
        return parameters.epsilon();
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        double stepSize = p.relativeStepSize() * p.epsilon();
        return new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(Norm.LINF, p.epsilon(), p.steps(), stepSize, p.earlyStop()))
                .climb(
                        images,
                        criterion,
                        new Momentum(
                                p.decay(),
                                new Varied(p.neighbors(), p.neighborhood() * p.epsilon())));
    }

    /** Adds to the gradient its variance, that of the neighbours in the step before. */
    private record Varied(int neighbors, double distance) implements Guide {

        private static final int VARIANCE = Momentum.SOURCE_MEMORY;

        @Override
        public int memories() {
            return 1;
        }

        @Override
        public Way look(Classifier classifier, ActiveSamples active) {
            NDArray images = active.state(IMAGES);
            Sight sight = Sight.at(classifier, images, active.criterion());
            NDArray direction = active.state(VARIANCE).add(sight.gradient());
            NDArray variance = sight.gradient().neg();
            for (int i = 0; i < neighbors; i++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray neighbor =
                            active.random()
                                    .uniform(
                                            images.getManager(),
                                            images.getShape().slice(1),
                                            -distance,
                                            distance)
                                    .addi(images);
                    Sight there = Sight.at(classifier, neighbor, active.criterion());
                    variance.addi(there.gradient().divi(neighbors));
                }
            }
            active.replace(VARIANCE, variance);
            return new Way(
                    direction, Optional.of(() -> active.criterion().isAdversarial(sight.logits())));
        }
    }
}
