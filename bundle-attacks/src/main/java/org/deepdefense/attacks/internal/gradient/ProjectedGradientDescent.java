// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.model.Classifier;

/**
 * Projected gradient descent from a random point of the ball: steps along the gradient of the loss,
 * each projected onto the ball and the bounds, in the norm that a subclass declares.
 */
abstract class ProjectedGradientDescent implements FixedBudgetAttack<PgdParameters> {

    static final String PAPER =
            "Madry, Makelov, Schmidt, Tsipras, Vladu: Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018";

    @Override
    public final Class<PgdParameters> parameters() {
        return PgdParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<PgdParameters> context) {
        PgdParameters p = context.parameters();
        double epsilon = context.epsilon();
        Ascent ascent =
                new Ascent(
                        classifier,
                        context,
                        new Ascent.Plan(
                                norm(),
                                epsilon,
                                p.steps(),
                                p.relativeStepSize() * epsilon,
                                p.earlyStop()));
        NDArray start = p.randomStart() ? ascent.ball(images).draw(context.random()) : images;
        return ascent.climb(images, start, criterion, context.random(), Guide.GRADIENT);
    }
}
