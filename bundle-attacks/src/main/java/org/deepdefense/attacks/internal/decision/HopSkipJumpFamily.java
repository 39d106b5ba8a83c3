// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.model.Classifier;

/** HopSkipJumpAttack in the norm that a subclass declares. */
abstract class HopSkipJumpFamily implements MinimumNormAttack<HopSkipJumpParameters> {

    static final String PAPER =
            "Chen, Jordan, Wainwright: HopSkipJumpAttack: A Query-Efficient Decision-Based Attack, IEEE Symposium on Security and Privacy 2020";

    @Override
    public final Class<HopSkipJumpParameters> parameters() {
        return HopSkipJumpParameters.class;
    }

    @Override
    public final NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<HopSkipJumpParameters> context) {
        return new HopSkipJumpSearch(norm(), classifier, context).attack(images, criterion);
    }
}
