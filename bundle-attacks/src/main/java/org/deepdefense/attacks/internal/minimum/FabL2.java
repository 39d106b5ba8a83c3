// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The Fast Adaptive Boundary attack in the Euclidean norm.
 *
 * @see <a href="https://arxiv.org/abs/1907.02044">Croce, Hein: Minimally distorted Adversarial
 *     Examples with a Fast Adaptive Boundary Attack, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.fab_l2")
@AttackPlugin(
        name = "fab-l2",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        description =
                "Fast Adaptive Boundary: projections onto linearised boundaries inside the bounds,"
                        + " biased towards the image (L2)",
        paper = FastAdaptiveBoundary.PAPER)
@Designate(ocd = FabParameters.class)
public final class FabL2 extends FastAdaptiveBoundary {}
