// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Fast Minimum-Norm attack (L1): gradient steps, each projected onto a ball whose radius
 * follows the boundary (algorithm 1). Where the bounds of pixels cut steps short it goes on where
 * the published algorithm, and the libraries that follow it, stall for ever in front of the
 * boundary: there the radius grows from where it was before the cut, and pixels that could only
 * leave the bounds do not count in gradients. Elsewhere it is the published algorithm.
 *
 * @see <a href="https://arxiv.org/abs/2102.12827">Pintor, Roli, Brendel, Biggio: Fast Minimum-norm
 *     Adversarial Attacks through Adaptive Norm Constraints, NeurIPS 2021</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fmn_l1")
@AttackPlugin(
        name = "fmn-l1",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L1,
        description = "fast minimum norm: steps in a ball whose radius follows the boundary (L1)",
        paper = FastMinimumNorm.PAPER)
@Designate(ocd = FmnParameters.class)
public final class FmnL1 extends FastMinimumNorm {}
