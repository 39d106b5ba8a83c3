// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.parseval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;
import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.DefensePlugin;
import org.deepdefense.defense.Objective;
import org.deepdefense.defense.Shard;
import org.deepdefense.defense.internal.loss.Losses;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Parseval training: after each update, weight matrices are moved towards tight frames by one step
 * on β/2·‖WᵀW − I‖², which is W ← (1 + β)·W − β·W·Wᵀ·W (equation 10 of its paper). A convolution
 * counts as the matrix of its filters, (out, in·h·w).
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.parseval")
@DefensePlugin(
        name = "parseval",
        description = "Keeps weight matrices near tight frames, so that layers do not expand",
        paper =
                "Cisse, Bojanowski, Grave, Dauphin, Usunier: Parseval Networks: Improving Robustness"
                        + " to Adversarial Examples, ICML 2017",
        learning_rate = 8e-3)
@Designate(ocd = Parseval.Parameters.class)
public final class Parseval implements Defense<Parseval.Parameters> {

    /** The parameters. */
    @ObjectClassDefinition(name = "Parseval training")
    public @interface Parameters {

        /**
         * Returns β.
         *
         * @return the step towards a tight frame
         */
        @AttributeDefinition(
                description = "Size of the step towards a tight frame after each update",
                min = "0",
                max = "0.5")
        double beta() default 1e-4;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return new Objective() {
            @Override
            public Supplier<NDArray> prepare(Shard shard) {
                return () -> Losses.plain(context, shard);
            }

            @Override
            public void afterUpdate() {
                double beta = context.parameters().beta();
                for (NDArray weight : context.weights().arrays().values()) {
                    if (weight.getShape().dimension() > 1) {
                        retract(weight, beta);
                    }
                }
            }
        };
    }

    private static void retract(NDArray weight, double beta) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray w = weight.stopGradient().reshape(weight.getShape().get(0), -1);
            boolean wide = w.getShape().get(0) <= w.getShape().get(1);
            NDArray cubic =
                    wide ? w.matMul(w.transpose()).matMul(w) : w.matMul(w.transpose().matMul(w));
            weight.muli(1 + beta).subi(cubic.mul(beta).reshape(weight.getShape()));
        }
    }
}
