// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Projected gradient descent in L1: from a random point of the ball, steps along the gradient of
 * the cross-entropy divided by its L1 norm, each projected onto the ball and then clipped into the
 * bounds. (Foolbox scales a perturbation down instead of projecting it, and fools fewer images.)
 * Steps that spread over all pixels are a weak choice in this norm.
 *
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry, Makelov, Schmidt, Tsipras, Vladu: Towards
 *     Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.pgd_l1")
@AttackPlugin(
        name = "pgd-l1",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L1,
        epsilon = 10,
        description = "projected gradient descent from a random start (L1)",
        paper = ProjectedGradientDescent.PAPER)
@Designate(ocd = PgdParameters.class)
public final class PgdL1 extends ProjectedGradientDescent {}
