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
 * Adversarial training on worst cases alone: {@code mean CE(x_adv)}, where x_adv is what projected
 * gradient descent makes of every image (equation 2.1 of its paper).
 */
@Component(service = Defense.class, configurationPid = "deepdefense.defense.pgd_at")
@DefensePlugin(
        name = "pgd-at",
        description = "Trains on the worst cases that PGD or another attack finds",
        paper =
                "Madry, Makelov, Schmidt, Tsipras, Vladu: Towards Deep Learning Models Resistant to"
                        + " Adversarial Attacks, ICLR 2018",
        attack = "pgd:steps=10,relativeStepSize=0.25",
        early_stop = false,
        learning_rate = 1e-2)
@Designate(ocd = PgdTraining.Parameters.class)
public final class PgdTraining implements Defense<PgdTraining.Parameters> {

    /** It has no parameters: those of the attack say it all. */
    @ObjectClassDefinition(name = "PGD adversarial training")
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
