// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.decision;

import org.deepdefense.testkit.AttackContract;
import org.deepdefense.testkit.AttackRun;

class BoundaryAttackTest extends AttackContract {

    BoundaryAttackTest() {
        super(AttackRun.of(new BoundaryAttack()).with("steps", 300).with("draws", 50));
    }

    @Override
    protected double slack() {
        return 2;
    }
}
