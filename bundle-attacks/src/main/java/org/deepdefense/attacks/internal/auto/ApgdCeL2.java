// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Auto-PGD on the cross-entropy in L2: no step size to choose, and never a loss below the best.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.apgd_ce_l2")
@AttackPlugin(
        name = "apgd-ce-l2",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L2,
        epsilon = 1,
        description = "PGD that chooses its steps itself, on the cross-entropy (L2)",
        paper = Apgd.PAPER)
@Designate(ocd = ApgdParameters.class)
public final class ApgdCeL2 extends Apgd {

    /** Makes the attack. */
    public ApgdCeL2() {
        super(AutoPgd.Objective.CROSS_ENTROPY);
    }
}
