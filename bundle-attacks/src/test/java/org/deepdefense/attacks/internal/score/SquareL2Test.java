// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SquareL2Test extends AttackContract {

    SquareL2Test() {
        super(AttackRun.of(new SquareL2()).with("steps", 400));
    }

    /** Bumps are far from a constant, which is the shortest way of the two-class family. */
    @Override
    protected double slack() {
        return 2.5;
    }
}
