// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.gradient;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Guide;
import org.deepdefense.attacks.internal.support.NoParameters;
import org.deepdefense.model.Classifier;

/**
 * One step along the gradient of the loss that uses the whole budget, clipped into the bounds: the
 * fast gradient (sign) method in the norm that a subclass declares.
 */
abstract class FastGradient implements FixedBudgetAttack<NoParameters> {

    static final String PAPER =
            "Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples, ICLR 2015";

    @Override
    public final Class<NoParameters> parameters() {
        return NoParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<NoParameters> context) {
        return new Ascent(classifier, context, Ascent.Plan.oneStep(norm(), context.epsilon()))
                .climb(images, criterion, Guide.GRADIENT);
    }
}
