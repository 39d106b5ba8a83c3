// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.minimum.FabSearch;
import org.deepdefense.attacks.internal.score.Bumps;
import org.deepdefense.attacks.internal.score.SquareSearch;
import org.deepdefense.attacks.internal.score.Stripes;
import org.deepdefense.model.Classifier;

/**
 * The standard version of AutoAttack (Croce and Hein, ICML 2020, section 6): APGD on the
 * cross-entropy, targeted APGD, targeted FAB and the square attack, in the norm that a subclass
 * declares, L∞ or L2.
 */
abstract class StandardAutoAttack implements FixedBudgetAttack<AutoAttackParameters> {

    /** The share of the pixels in the first squares. */
    private static final double AREA = 0.8;

    @Override
    public final Class<AutoAttackParameters> parameters() {
        return AutoAttackParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<AutoAttackParameters> context) {
        List<Sequence.Entry> members = new ArrayList<>();
        members.add(apgd("apgd-ce", AutoPgd.Objective.CROSS_ENTROPY, classifier, context));
        members.add(apgd("apgd-t", AutoPgd.Objective.TARGETED_RATIO, classifier, context));
        // The others look for the boundary, and increase no loss that could be given.
        if (criterion.givenLoss().isEmpty()) {
            members.add(
                    new Sequence.Entry(
                            "fab-t", Access.GRADIENTS, fab(classifier, context)::attack));
            members.add(
                    new Sequence.Entry("square", Access.SCORES, square(classifier, context)::run));
        }
        return new Sequence(classifier, context, norm(), context.epsilon())
                .attack(images, criterion, members);
    }

    private Sequence.Entry apgd(
            String name,
            AutoPgd.Objective objective,
            Classifier classifier,
            AttackContext<AutoAttackParameters> context) {
        AutoAttackParameters p = context.parameters();
        AutoPgd.Settings settings =
                new AutoPgd.Settings(
                        norm(),
                        context.epsilon(),
                        objective,
                        p.targets(),
                        p.steps(),
                        AutoPgd.RHO,
                        true);
        return new Sequence.Entry(
                name,
                Access.GRADIENTS,
                (images, criterion, random) ->
                        new AutoPgd(settings, classifier, context)
                                .attack(images, criterion, random));
    }

    private FabSearch fab(Classifier classifier, AttackContext<AutoAttackParameters> context) {
        AutoAttackParameters p = context.parameters();
        FabSearch.Settings settings =
                FabSearch.Settings.within(context.epsilon(), p.steps(), p.targets(), 1);
        return new FabSearch(norm(), settings, classifier, context);
    }

    private SquareSearch square(
            Classifier classifier, AttackContext<AutoAttackParameters> context) {
        double epsilon = context.epsilon();
        return new SquareSearch(
                classifier,
                context,
                norm() == Norm.LINF
                        ? new Stripes(epsilon, classifier.bounds())
                        : new Bumps(epsilon, classifier.bounds()),
                new SquareSearch.Schedule(context.parameters().queries(), AREA, false));
    }
}
