// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.ModifierPlugin;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.ObjectiveModifier;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.WeightChange;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Adversarial weight perturbation: the gradient of any objective is taken where a step that raises
 * the objective has led the weights (equations 7 to 10 of its paper, with one step). Each weight
 * array w but for vectors, such as biases, becomes
 *
 * <pre>w + γ · ‖w‖ · g/‖g‖,</pre>
 *
 * where g is the gradient of the objective on the same adversarial examples. The update starts from
 * w itself.
 */
@Component(service = ObjectiveModifier.class, configurationPid = "deepdefense.modifier.awp")
@ModifierPlugin(
        name = "awp",
        description = "Takes the gradient at weights that are perturbed against the objective",
        paper =
                "Wu, Xia, Wang: Adversarial Weight Perturbation Helps Robust Generalization, NeurIPS"
                        + " 2020")
@Designate(ocd = WeightPerturbation.Parameters.class)
public final class WeightPerturbation implements ObjectiveModifier<WeightPerturbation.Parameters> {

    /** The parameters. */
    @ObjectClassDefinition(name = "Adversarial weight perturbation")
    public @interface Parameters {

        /**
         * Returns γ.
         *
         * @return the size of the perturbation
         */
        @AttributeDefinition(
                description =
                        "Size of the perturbation of a layer's weights as a multiple of their size;"
                                + " the authors take 0.01, and 0.005 with TRADES",
                min = "0")
        double gamma() default 0.01;

        /**
         * Returns how long training goes on without perturbations.
         *
         * @return a number of epochs
         */
        @AttributeDefinition(
                description = "How many epochs are trained without perturbations first",
                min = "0")
        int warmup() default 0;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(Objective inner, DefenseContext<Parameters> context) {
        return new Perturbed(inner, context);
    }

    private record Perturbed(Objective inner, DefenseContext<Parameters> context)
            implements Objective {

        @Override
        public Supplier<NDArray> prepare(Shard shard) {
            return inner.prepare(shard);
        }

        @Override
        public WeightChange perturb(List<Supplier<NDArray>> losses) {
            WeightChange innermost = inner.perturb(losses);
            if (context.epoch() <= context.parameters().warmup()) {
                return innermost;
            }
            WeightChange outermost = context.weights().add(against(losses));
            return () -> {
                outermost.close();
                innermost.close();
            };
        }

        private Map<String, NDArray> against(List<Supplier<NDArray>> losses) {
            Map<String, NDArray> sums = new LinkedHashMap<>();
            for (Supplier<NDArray> loss : losses) {
                context.weights()
                        .gradients(loss)
                        .forEach((name, gradient) -> sums.merge(name, gradient, NDArray::addi));
            }
            Map<String, NDArray> weights = context.weights().arrays();
            sums.keySet().removeIf(name -> weights.get(name).getShape().dimension() < 2);
            sums.replaceAll((name, gradient) -> step(weights.get(name).stopGradient(), gradient));
            return sums;
        }

        private NDArray step(NDArray weight, NDArray gradient) {
            NDArray length = gradient.norm().maximum(Float.MIN_NORMAL);
            NDArray factor = weight.norm().div(length).mul(context.parameters().gamma());
            return gradient.mul(factor);
        }

        @Override
        public void afterUpdate() {
            inner.afterUpdate();
        }
    }
}
