// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Auto-PGD on the cross-entropy in L∞: no step size to choose, and never a loss below the best.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.apgd_ce")
@AttackPlugin(
        name = "apgd-ce",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "PGD that chooses its steps itself, on the cross-entropy (L∞)",
        paper = Apgd.PAPER)
@Designate(ocd = ApgdParameters.class)
public final class ApgdCe extends Apgd {

    /** Makes the attack. */
    public ApgdCe() {
        super(AutoPgd.Objective.CROSS_ENTROPY);
    }
}
