// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Auto-PGD on the targeted difference of logits ratio in L∞: a run toward each of the most probable
 * other classes, until a sample is misclassified as any. With three classes or fewer, for which it
 * is not defined, it warns and takes the difference of logits itself. A sample that is targeted
 * itself has one run.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.apgd_t")
@AttackPlugin(
        name = "apgd-t",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "PGD that chooses its steps itself, toward one class after the other (L∞)",
        paper = Apgd.PAPER)
@Designate(ocd = ApgdTargetedParameters.class)
public final class ApgdT extends ApgdTargeted {}
