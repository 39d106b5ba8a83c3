// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Square Attack in L2: random search that starts from a grid of bumps, each half positive and
 * half negative, and in each step takes the budget that one window uses to another one, where it
 * adds a bump (algorithm 3 of the paper). It needs scores only. Images may have any size: windows
 * are cut to the image, and the grid to what fits.
 *
 * @see <a href="https://arxiv.org/abs/1912.00049">Andriushchenko, Croce, Flammarion, Hein: Square
 *     Attack: a query-efficient black-box adversarial attack via random search, ECCV 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.square_l2")
@AttackPlugin(
        name = "square-l2",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.L2,
        access = Access.SCORES,
        epsilon = 1,
        description = "random search over windows of the image, without gradients (L2)",
        paper = SquareAttack.PAPER)
@Designate(ocd = SquareParameters.class)
public final class SquareL2 extends SquareAttack {

    /** Makes the attack. */
    public SquareL2() {
        super(Bumps::new);
    }
}
