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
 * The Square Attack in L∞: random search that starts from vertical stripes and sets squares of the
 * perturbation to ±ε, one sign a channel, as long as that makes the margin of the logits smaller.
 * It needs scores only. With 5000 steps and {@code rescaleSchedule=false} it is the fourth member
 * of AutoAttack. Other than there, each sample has squares of its own, and squares also reach the
 * last row and column.
 *
 * @see <a href="https://arxiv.org/abs/1912.00049">Andriushchenko, Croce, Flammarion, Hein: Square
 *     Attack: a query-efficient black-box adversarial attack via random search, ECCV 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.square")
@AttackPlugin(
        name = "square",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        access = Access.SCORES,
        epsilon = 0.1,
        description = "random search over squares of the image, without gradients (L∞)",
        paper = SquareAttack.PAPER)
@Designate(ocd = SquareParameters.class)
public final class Square extends SquareAttack {

    /** Makes the attack. */
    public Square() {
        super(Stripes::new);
    }
}
