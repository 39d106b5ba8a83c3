// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.minimum.FabSearch;
import org.deepdefense.attacks.internal.score.Square;
import org.deepdefense.attacks.internal.score.SquareL2;
import org.deepdefense.attacks.internal.score.SquareSearch;
import org.deepdefense.model.Classifier;

/**
 * The standard version of AutoAttack (Croce and Hein, ICML 2020, section 6): APGD on the
 * cross-entropy, targeted APGD, targeted FAB and the square attack.
 *
 * @param norm the norm of the budget, L∞ or L2
 * @param epsilon the budget
 * @param steps the number of steps of a run of APGD and FAB
 * @param targets how many classes APGD-T and FAB-T try
 * @param queries the number of steps of the square attack
 */
record Standard(Norm norm, double epsilon, int steps, int targets, int queries) {

    private static final double RHO = 0.75;

    /** The share of the pixels in the first squares. */
    private static final double AREA = 0.8;

    /** Attacks a batch, with the random numbers of the context. */
    NDArray attack(
            Classifier classifier, NDArray images, Criterion criterion, AttackContext<?> context) {
        return new Sequence(classifier, context, norm, epsilon)
                .attack(images, criterion, members(classifier, criterion, context));
    }

    private List<Sequence.Entry> members(
            Classifier classifier, Criterion criterion, AttackContext<?> context) {
        List<Sequence.Entry> ascents =
                List.of(
                        apgd("apgd-ce", AutoPgd.Objective.CROSS_ENTROPY, classifier, context),
                        apgd("apgd-t", AutoPgd.Objective.TARGETED_RATIO, classifier, context));
        if (criterion.givenLoss().isPresent()) {
            // The others look for the boundary, and increase no loss that could be given.
            return ascents;
        }
        FabSearch fab =
                new FabSearch(
                        norm,
                        FabSearch.Settings.within(epsilon, steps, targets, 1),
                        classifier,
                        context);
        SquareSearch square =
                new SquareSearch(
                        classifier,
                        context,
                        norm == Norm.LINF
                                ? new Square.Stripes(epsilon, classifier.bounds())
                                : new SquareL2.Bumps(epsilon, classifier.bounds()),
                        new SquareSearch.Schedule(queries, AREA, false));
        return List.of(
                ascents.get(0),
                ascents.get(1),
                new Sequence.Entry("fab-t", Access.GRADIENTS, fab::attack),
                new Sequence.Entry("square", Access.SCORES, square::run));
    }

    private Sequence.Entry apgd(
            String name,
            AutoPgd.Objective objective,
            Classifier classifier,
            AttackContext<?> context) {
        AutoPgd.Settings settings =
                new AutoPgd.Settings(norm, epsilon, objective, targets, steps, 1, RHO, true);
        return new Sequence.Entry(
                name,
                Access.GRADIENTS,
                (images, criterion, random) ->
                        new AutoPgd(settings, classifier, context)
                                .attack(images, criterion, random));
    }
}
