// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.minimum;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.model.Classifier;

/** The Fast Adaptive Boundary attack in the norm that a subclass declares. */
abstract class FastAdaptiveBoundary implements MinimumNormAttack<FabParameters> {

    static final String PAPER =
            "Croce, Hein: Minimally distorted Adversarial Examples with a Fast Adaptive Boundary Attack, ICML 2020";

    @Override
    public final Class<FabParameters> parameters() {
        return FabParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<FabParameters> context) {
        FabSearch.Settings settings =
                FabSearch.Settings.of(context.parameters(), norm(), classifier.bounds());
        return new FabSearch(norm(), settings, classifier, context)
                .attack(images, criterion, context.random());
    }
}
