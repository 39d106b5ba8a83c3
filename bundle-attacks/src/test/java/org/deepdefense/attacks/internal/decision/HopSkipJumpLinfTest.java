// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class HopSkipJumpLinfTest extends AttackContract {

    HopSkipJumpLinfTest() {
        super(AttackRun.of(new HopSkipJumpLinf()).with("steps", 5).with("draws", 50));
    }

    @Override
    protected double slack() {
        return 2;
    }
}
