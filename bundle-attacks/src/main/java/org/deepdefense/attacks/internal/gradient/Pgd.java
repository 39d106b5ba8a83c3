// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Projected gradient descent in L∞: from a random point of the ball, steps along the sign of the
 * gradient of the cross-entropy, each projected onto the ball and the bounds. The default steps add
 * up to 2 ε, so that every point of the ball can be reached from every start.
 *
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry, Makelov, Schmidt, Tsipras, Vladu: Towards
 *     Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.pgd")
@AttackPlugin(
        name = "pgd",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "projected gradient descent from a random start (L∞)",
        paper = ProjectedGradientDescent.PAPER)
@Designate(ocd = PgdParameters.class)
public final class Pgd extends ProjectedGradientDescent {}
