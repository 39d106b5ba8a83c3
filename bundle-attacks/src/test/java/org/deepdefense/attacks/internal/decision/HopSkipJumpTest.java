// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class HopSkipJumpTest extends AttackContract {

    HopSkipJumpTest() {
        super(AttackRun.of(new HopSkipJump()).with("steps", 5).with("draws", 50));
    }

    @Override
    protected double slack() {
        return 1.5;
    }
}
