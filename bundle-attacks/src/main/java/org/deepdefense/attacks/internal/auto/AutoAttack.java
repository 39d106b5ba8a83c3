// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Norm;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * AutoAttack, the standard version in L∞: APGD on the cross-entropy, targeted APGD, targeted FAB
 * and the square attack, each on the samples that resisted those before. Its robust accuracy is the
 * number that papers report. With three classes or fewer, where the ratio of APGD-T is not defined,
 * it warns and takes the difference of logits; the authors' code refuses. It warns, too, where the
 * square attack finds what gradients did not lead to.
 *
 * <p>The other versions are ensembles of the single attacks. The authors' {@code plus} is {@code
 * apgd-ce}, {@code apgd-dlr} and {@code fab} with five restarts, {@code square}, {@code apgd-t} and
 * {@code fab} with nine targets. Their {@code rand} is {@code apgd-ce} and {@code apgd-dlr} for
 * networks with random output, on gradients averaged over 20 passes; nothing here averages them.
 *
 * @see <a href="https://arxiv.org/abs/2003.01690">Croce, Hein: Reliable Evaluation of Adversarial
 *     Robustness with an Ensemble of Diverse Parameter-free Attacks, ICML 2020</a>
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.autoattack")
@AttackPlugin(
        name = "autoattack",
        type = AttackType.FIXED_BUDGET,
        norm = Norm.LINF,
        epsilon = 0.1,
        description = "APGD-CE, APGD-T, FAB-T and the square attack, one after the other (L∞)",
        paper = Apgd.PAPER)
@Designate(ocd = AutoAttackParameters.class)
public final class AutoAttack extends StandardAutoAttack {}
