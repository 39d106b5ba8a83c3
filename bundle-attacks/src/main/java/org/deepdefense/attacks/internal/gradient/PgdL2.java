// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Projected gradient descent in L2: from a random point of the ball, steps along the normalised
 * gradient of the cross-entropy, each projected onto the ball and then clipped into the bounds.
 *
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry, Makelov, Schmidt, Tsipras, Vladu: Towards
 *     Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.pgd_l2")
@AttackPlugin(
        name = "pgd-l2",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L2,
        epsilon = 1,
        description = "projected gradient descent from a random start (L2)",
        paper = ProjectedGradientDescent.PAPER)
@Designate(ocd = PgdParameters.class)
public final class PgdL2 extends ProjectedGradientDescent {}
