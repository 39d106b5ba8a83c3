// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Fast Minimum-Norm attack (L∞): gradient steps, each projected onto a ball whose radius
 * follows the boundary (algorithm 1). Pixels that could only leave the bounds do not count in
 * gradients, so that distances to the boundary are not underestimated there.
 *
 * @see <a href="https://arxiv.org/abs/2102.12827">Pintor, Roli, Brendel, Biggio: Fast Minimum-norm
 *     Adversarial Attacks through Adaptive Norm Constraints, NeurIPS 2021</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fmn_linf")
@AttackPlugin(
        name = "fmn-linf",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.LINF,
        description = "fast minimum norm: steps in a ball whose radius follows the boundary (L∞)",
        paper = FastMinimumNorm.PAPER)
@Designate(ocd = FmnParameters.class)
public final class FmnLinf extends FastMinimumNorm {}
