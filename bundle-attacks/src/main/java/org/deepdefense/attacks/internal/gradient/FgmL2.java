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
 * The fast gradient method in L2: x + ε·∇ₓL/‖∇ₓL‖, where the norm is the Euclidean norm, clipped
 * into the bounds. L is the cross-entropy of the label.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy: Explaining and
 *     Harnessing Adversarial Examples, ICLR 2015</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fgm_l2")
@AttackPlugin(
        name = "fgm-l2",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L2,
        epsilon = 1,
        description = "one step along the gradient (L2)",
        paper = FastGradient.PAPER)
@Designate(ocd = NoParameters.class)
public final class FgmL2 extends FastGradient {}
