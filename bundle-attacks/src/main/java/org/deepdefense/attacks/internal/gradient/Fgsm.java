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
 * The fast gradient sign method: x + ε·sign(∇ₓL), clipped into the bounds, where L is the
 * cross-entropy of the label and sign(0) = 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow, Shlens, Szegedy: Explaining and
 *     Harnessing Adversarial Examples, ICLR 2015</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fgsm")
@AttackPlugin(
        name = "fgsm",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "one step along the sign of the gradient (L∞)",
        paper = FastGradient.PAPER)
@Designate(ocd = NoParameters.class)
public final class Fgsm extends FastGradient {}
