// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Fast Minimum-Norm attack (L0): gradient steps, each projected onto a ball whose radius
 * follows the boundary (algorithm 1). The radius is a number of components; of components that are
 * equal just as many change as it allows, where other implementations change them all.
 *
 * @see <a href="https://arxiv.org/abs/2102.12827">Pintor, Roli, Brendel, Biggio: Fast Minimum-norm
 *     Adversarial Attacks through Adaptive Norm Constraints, NeurIPS 2021</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fmn_l0")
@AttackPlugin(
        name = "fmn-l0",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L0,
        description = "fast minimum norm: steps in a ball whose radius follows the boundary (L0)",
        paper = FastMinimumNorm.PAPER)
@Designate(ocd = FmnParameters.class)
public final class FmnL0 extends FastMinimumNorm {}
