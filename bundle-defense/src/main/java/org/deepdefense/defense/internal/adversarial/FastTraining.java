// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.defense.internal.adversarial;

import org.deepdefense.defense.Defense;
import org.deepdefense.defense.DefenseContext;
import org.deepdefense.defense.DefensePlugin;
import org.deepdefense.defense.Objective;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Fast adversarial training (algorithm 3 of its paper): {@code mean CE(x_adv)}, where x_adv is one
 * step of 1.25 ε along the sign of the gradient from a random point of the ball, projected onto the
 * ball. The random start is what FGSM lacks; that step is one of PGD.
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.fast")
@DefensePlugin(
        name = "fast",
        description = "Trains on worst cases of a single step from a random start",
        paper =
                "Wong, Rice, Kolter: Fast is better than free: Revisiting adversarial training,"
                        + " ICLR 2020",
        attack = "pgd:steps=1,relativeStepSize=1.25",
        early_stop = false,
        learning_rate = 1e-2)
@Designate(ocd = FastTraining.Parameters.class)
public final class FastTraining implements Defense<FastTraining.Parameters> {

    /** It has no parameters: those of the attack say it all. */
    @ObjectClassDefinition(name = "Fast adversarial training")
    public @interface Parameters {}

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Objective begin(DefenseContext<Parameters> context) {
        return WorstCases.training(context);
    }
}
