// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.model.Classifier;

/** The Fast Minimum-Norm attack in the norm that a subclass declares. */
abstract class FastMinimumNorm implements MinimumNormAttack<FmnParameters> {

    static final String PAPER =
            "Pintor, Roli, Brendel, Biggio: Fast Minimum-norm Adversarial Attacks through Adaptive Norm Constraints, NeurIPS 2021";

    @Override
    public final Class<FmnParameters> parameters() {
        return FmnParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<FmnParameters> context) {
        return new FmnSearch(norm(), classifier, context).attack(images, criterion);
    }
}
