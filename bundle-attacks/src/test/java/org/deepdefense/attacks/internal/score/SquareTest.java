// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.score;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class SquareTest extends AttackContract {

    SquareTest() {
        super(AttackRun.of(new Square()).with("steps", 400));
    }

    @Override
    protected double slack() {
        return 1.6;
    }
}
