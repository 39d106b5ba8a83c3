// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.NoParameters;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The fast gradient method in L1: x + ε·∇ₓL/‖∇ₓL‖, where the norm is the sum of the absolute
 * values, clipped into the bounds. L is the cross-entropy of the label.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy: Explaining and
 *     Harnessing Adversarial Examples, ICLR 2015</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fgm_l1")
@AttackPlugin(
        name = "fgm-l1",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L1,
        epsilon = 10,
        description = "one step along the gradient (L1)",
        paper = FastGradient.PAPER)
@Designate(ocd = NoParameters.class)
public final class FgmL1 extends FastGradient {}
