// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.Set;
import org.deepdefense.catalog.PluginSpec;
import org.deepdefense.engine.internal.attack.AttackOutcome;
import org.deepdefense.engine.internal.attack.Refinement;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.evaluation.EvaluationRequest.Option;
import org.deepdefense.model.Classifier;
import org.deepdefense.work.Task;

/**
 * On what terms attacks are run: what they are to reach, and what is done with the images that they
 * return before these are judged.
 *
 * @param goal what attacks are to reach; its seed is also that of their random numbers
 * @param tighten whether a line search makes what a minimum-norm attack returned as small as it can
 * @param eightBit whether images have to fool the network after rounding to 8 bits a channel
 */
record Terms(Goal goal, boolean tighten, boolean eightBit) {

    /** Reads the terms from the options of a request. */
    static Terms of(Goal goal, Set<Option> options) {
        return new Terms(
                goal, options.contains(Option.TIGHTEN), options.contains(Option.EIGHT_BIT));
    }

    /** Reads the terms of a task. */
    static Terms of(Task.Treatment treatment) {
        return new Terms(
                new Goal(treatment.target(), treatment.seed()),
                treatment.tighten(),
                treatment.eightBit());
    }

    /** Returns what is done to images with an attack on these terms. */
    Task.Treatment treatment(AttackUse attack) {
        return new Task.Treatment(
                Optional.of(new PluginSpec(attack.name(), attack.provenance().parameters())),
                goal.target(),
                goal.seed(),
                tighten,
                eightBit);
    }

    /** Returns the part of a result's name that tells these terms, besides the seed. */
    String key(AttackUse attack) {
        return "tighten "
                + (tighten && attack.isMinimumNorm())
                + ", eight bit "
                + eightBit
                + goal.target().map(target -> ", target " + target).orElse("");
    }

    /** Makes the perturbations of a minimum-norm attack smaller, if that was asked for. */
    AttackOutcome tightened(
            AttackOutcome outcome,
            AttackUse attack,
            Classifier classifier,
            NDArray images,
            Runnable check) {
        return tighten && attack.isMinimumNorm()
                ? Refinement.tighten(
                        outcome, attack.norm().orElseThrow(), classifier, images, check)
                : outcome;
    }

    /** Judges the images as they are stored, if that was asked for. */
    AttackOutcome judged(AttackOutcome outcome, Classifier classifier) {
        return eightBit ? Refinement.eightBit(outcome, classifier) : outcome;
    }
}
