// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * HopSkipJumpAttack in L2: follows the boundary towards the clean image, and estimates its normal
 * from decisions alone. Each sample normalises its own estimate (Foolbox divides by the norm of the
 * whole batch), and the nearest point of all steps is returned, not the last. It starts from noise;
 * where none is adversarial, as is likely with a target, the clean image is returned with a
 * warning.
 *
 * @see <a href="https://arxiv.org/abs/1904.02144">Chen, Jordan, Wainwright: HopSkipJumpAttack: A
 *     Query-Efficient Decision-Based Attack, IEEE Symposium on Security and Privacy 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.hopskipjump")
@AttackPlugin(
        name = "hopskipjump",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.DECISIONS,
        description = "follows the boundary, whose normal it estimates from decisions (L2)",
        paper = HopSkipJumpFamily.PAPER)
@Designate(ocd = HopSkipJumpParameters.class)
public final class HopSkipJump extends HopSkipJumpFamily {}
