// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;

/** The Square Attack in the norm that a subclass declares, which also says what is tried. */
abstract class SquareAttack implements FixedBudgetAttack<SquareParameters> {

    static final String PAPER =
            "Andriushchenko, Croce, Flammarion, Hein: Square Attack: a query-efficient black-box adversarial attack via random search, ECCV 2020";

    private final ProposalsOf proposals;

    /** Makes what is tried for a budget. */
    @FunctionalInterface
    interface ProposalsOf {

        SquareSearch.Proposals of(double epsilon, Bounds bounds);
    }

    SquareAttack(ProposalsOf proposals) {
        this.proposals = proposals;
    }

    @Override
    public final Class<SquareParameters> parameters() {
        return SquareParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<SquareParameters> context) {
        SquareParameters p = context.parameters();
        return new SquareSearch(
                        classifier,
                        context,
                        proposals.of(context.epsilon(), classifier.bounds()),
                        new SquareSearch.Schedule(p.steps(), p.initialArea(), p.rescaleSchedule()))
                .run(images, criterion, context.random());
    }
}
